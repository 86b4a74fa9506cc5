import replyFrom from '@fastify/reply-from';
import type { FastifyInstance } from 'fastify';
import { pageTokenHeader } from './authentication.js';

/** How the page of all rooms reaches the detector of one room. */
export type RoomAccess = {
  /** where the detector serves its page, without a slash at the end */
  readonly url: string;
  /** the value of `roomwatch-page` */
  readonly token: string;
};

/** An answer, and a stream of pictures, may be silent for this long; the page then connects again. */
const answerMs = 20_000;

/** What a page asks for; no segment begins with a dot or hides one. */
const pagePath = /^\/(live\.mjpg|api(\/[\w-][\w.-]*)+)(\?.*)?$/;

/** These must not reach the detector: they are about the page's own address and login, or about who uses Home Assistant. */
const ownHeaders =
  /^(?:authorization|cookie|origin|referer|sec-fetch-site|x-ingress-path|x-forwarded-prefix|x-(?:hass|remote-user|supervisor)-.*)$/;

/**
 * Passes `…/api/*` and `…/live.mjpg` of `app`, whose prefix names a room, on to the detector of that room. Check the login first.
 * @param accessTo undefined for a room whose detector is not known
 */
export async function registerRoomProxy(
  app: FastifyInstance,
  accessTo: (room: string) => RoomAccess | undefined,
): Promise<void> {
  await app.register(replyFrom, {
    http: { requestOptions: { timeout: answerMs } },
    disableRequestLogging: true,
    disableCache: true,
  });
  for (const url of ['/api/*', '/live.mjpg']) {
    app.all<{ Params: { room: string } }>(url, (request, reply) => {
      const { room } = request.params;
      const access = accessTo(room);
      const path = request.url.slice(request.url.indexOf('/', '/rooms/'.length));
      if (access === undefined || !pagePath.test(path))
        return reply.code(404).send({ error: 'not_found', message: `No detector of ${room} serves this.` });
      return reply.from(access.url + path, {
        retryDelay: () => null,
        rewriteRequestHeaders: (_request, headers) => ({ ...withoutOwn(headers), [pageTokenHeader]: access.token }),
        onError: (failed) =>
          void failed
            .code(502)
            .send({ error: 'unreachable', message: `The detector of ${room} does not answer at ${access.url}.` }),
      });
    });
  }
}

function withoutOwn<Headers extends object>(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.test(name))) as Headers;
}

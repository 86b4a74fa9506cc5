import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import {
  type History,
  history,
  type Masks,
  masks,
  type PageState,
  pageState,
  type Rehearsal,
  rehearsal,
  type RehearsalRequest,
  rehearsalRequest,
  type Visit,
  visit,
} from '../../domain/page/payloads.js';
import { type LiveSettings, liveSettings, settingsChange } from '../../domain/contract/payloads.js';
import { conflict } from './conflict.js';
import type { ApiRoute } from './openapi.js';

/** What the page asks of the detector. */
export type ApiNeeds = {
  state(): PageState;
  history(): History;
  /** newest first */
  visits(): readonly Visit[];
  /** Takes over some settings, already checked, and says what holds now. */
  changeSettings(change: z.infer<typeof settingsChange>): Promise<LiveSettings>;
  changeMasks(masks: Masks): Promise<void>;
  /** Takes a picture with the next frame; false without a camera. */
  takeSnapshot(): boolean;
  rehearse(request: RehearsalRequest): Promise<Rehearsal>;
};

const emptyObject = z.strictObject({});

/** The JSON routes of the page: what each takes and gives is checked by, and described from, the same schemas. */
export function apiRoutes(needs: ApiNeeds): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      url: '/api/state',
      summary: 'Everything small there is to know about the room now',
      answer: pageState,
      handle: () => needs.state(),
    },
    {
      method: 'GET',
      url: '/api/history',
      summary: 'The motion level of the last five minutes finely, and of the last two hours by tens of seconds',
      answer: history,
      handle: () => needs.history(),
    },
    {
      method: 'GET',
      url: '/api/visits',
      summary: 'The last visits with their pictures and what became of them, newest first',
      answer: z.strictObject({ visits: z.array(visit) }),
      handle: () => ({ visits: needs.visits() }),
    },
    {
      method: 'PATCH',
      url: '/api/settings',
      summary: 'Change some of the live settings; `armed` arms and disarms',
      body: settingsChange,
      answer: liveSettings,
      handle: (body) => needs.changeSettings(body as z.infer<typeof settingsChange>),
    },
    {
      method: 'PUT',
      url: '/api/masks',
      summary: 'Replace the masks: what lies in one of them is left out of detection',
      body: z.strictObject({ masks }),
      answer: z.strictObject({ masks }),
      handle: async (body) => {
        const asked = body as { masks: Masks };
        await needs.changeMasks(asked.masks);
        return asked;
      },
    },
    {
      method: 'POST',
      url: '/api/rehearsal',
      summary: 'Judge the last minutes again, with the settings as they are and as they would be; changes nothing',
      body: rehearsalRequest,
      answer: rehearsal,
      handle: (body) => needs.rehearse(body as RehearsalRequest),
    },
    {
      method: 'POST',
      url: '/api/snapshot',
      summary: 'Take a picture now; 409 without a camera',
      answer: emptyObject,
      handle: () => {
        if (needs.takeSnapshot()) return {};
        throw conflict('There is no picture: the camera is lost.');
      },
    },
  ];
}

/** Registers the routes and `/api/openapi.json`; a body that does not fit its schema is a 400 that names each problem. */
export function registerApi(app: FastifyInstance, routes: readonly ApiRoute[], document: object): void {
  for (const { method, url, body, handle } of routes) {
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        if (body === undefined) return reply.send(await handle(undefined));
        const parsed = body.safeParse(request.body);
        if (!parsed.success)
          return reply.code(400).send({ error: 'bad_request', message: z.prettifyError(parsed.error) });
        return reply.send(await handle(parsed.data));
      },
    });
  }
  app.get('/api/openapi.json', (_request, reply) => reply.send(document));
}

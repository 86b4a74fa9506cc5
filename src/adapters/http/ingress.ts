import type { IncomingMessage } from 'node:http';

/** Whether Home Assistant passes a request on for somebody who is logged in there. */
export type IsIngress = (request: IncomingMessage) => boolean;

/** A path as proxies name it: nothing in it ends a cookie's attribute or leads elsewhere. */
const plainPath = /^(?:\/(?!\.\.?(?:\/|$))[\w.~-]+){1,16}\/?$/;

/**
 * Recognises requests through Home Assistant's ingress: they come from the Supervisor itself and name the path of the page
 * there. Anybody can send the header; only the address of the connection shows who did.
 * @param supervisor its address; undefined where there is none, so that no request is trusted
 */
export function ingressFrom(supervisor: string | undefined): IsIngress {
  return ({ socket, headers }) =>
    supervisor !== undefined &&
    socket.remoteAddress?.replace(/^::ffff:/, '') === supervisor &&
    pathIn(headers['x-ingress-path']) !== undefined;
}

/**
 * The path under which the browser sees the page, with a slash at its end, as the proxy in front of it says. A false header
 * only narrows the path of the client's own cookie.
 */
export function cookiePath({ headers }: IncomingMessage): string {
  const path = pathIn(headers['x-ingress-path']) ?? pathIn(headers['x-forwarded-prefix']) ?? '/';
  return path.endsWith('/') ? path : `${path}/`;
}

function pathIn(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header.length <= 256 && plainPath.test(header) ? header : undefined;
}

import { createServer, type Server } from 'node:http';

export const supervisorToken = 'the token of this app';

/** A broker as the Supervisor's API names it; undefined while no app provides one. */
export type Service = Readonly<Record<string, unknown>> | undefined;

/** The two answers of the Supervisor's API that the app asks for; `services.mqtt` may change meanwhile. */
export function createSupervisor(services: { mqtt: Service }): Server {
  return createServer(({ url, headers }, answer) => {
    const send = (status: number, body: unknown) => answer.writeHead(status).end(JSON.stringify(body));
    if (headers.authorization !== `Bearer ${supervisorToken}`) return answer.writeHead(401).end();
    const info = { slug: 'a1b2c3d4_roomwatch', name: 'Roomwatch', ingress: true };
    if (url === '/addons/self/info') return send(200, { result: 'ok', data: info });
    if (url !== '/services/mqtt') return answer.writeHead(404).end();
    if (services.mqtt === undefined) return send(400, { result: 'error', message: 'Service not enabled' });
    return send(200, { result: 'ok', data: services.mqtt });
  });
}

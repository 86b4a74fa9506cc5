import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const supervisorToken = 'the token of this app';

/** A broker as the Supervisor's API names it; undefined while no app provides one. */
export type Service = Readonly<Record<string, unknown>> | undefined;

/** The two answers of the Supervisor's API that the app asks for, for one test; `services.mqtt` may change meanwhile. */
export async function openSupervisor(services: { mqtt: Service }): Promise<string> {
  const server = createServer(({ url, headers }, answer) => {
    const send = (status: number, body: unknown) => answer.writeHead(status).end(JSON.stringify(body));
    if (headers.authorization !== `Bearer ${supervisorToken}`) return answer.writeHead(401).end();
    const info = { slug: 'a1b2c3d4_roomwatch', name: 'Roomwatch', ingress: true };
    if (url === '/addons/self/info') return send(200, { result: 'ok', data: info });
    if (url !== '/services/mqtt') return answer.writeHead(404).end();
    if (services.mqtt === undefined) return send(400, { result: 'error', message: 'Service not enabled' });
    return send(200, { result: 'ok', data: services.mqtt });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

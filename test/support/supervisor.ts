import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createSupervisor, type Service } from './supervisor-server.js';

/** The stand-in for the Supervisor's API, for one test. */
export async function openSupervisor(services: { mqtt: Service }): Promise<string> {
  const server = createSupervisor(services).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

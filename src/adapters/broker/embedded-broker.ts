import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes, type AuthenticateHandler, type Client } from 'aedes';
import { pause } from '../../async/pause.js';
import type { Log } from '../../domain/log.js';

/** A broker for MQTT 3.1.1 on 127.0.0.1 that keeps everything in memory. */
export type EmbeddedBroker = {
  readonly port: number;
  /** Waits a few seconds for clients with a last will, so that their `offline` still arrives, then disconnects all. */
  close(): Promise<void>;
};

/** What clients must send; without a password, everyone on this machine is let in. */
export type BrokerLogin = { readonly username?: string | undefined; readonly password?: string | undefined };

const offlinePatienceSeconds = 3;
const badUserNameOrPassword = 4;

/** Throws an error that says what to do if the port cannot be used. */
export async function openEmbeddedBroker(
  port: number,
  log: Pick<Log, 'warn'>,
  login: BrokerLogin = {},
): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker();
  if (login.password !== undefined) aedes.authenticate = authenticateWith(login.username, login.password);
  const server = createServer(aedes.handle);
  const clients = new Set<Client>();
  aedes.on('clientReady', (client) => clients.add(client));
  aedes.on('clientDisconnect', (client) => clients.delete(client));
  aedes.on('clientError', (client, err) => log.warn({ client: client.id, err: err.message }, 'client dropped'));
  aedes.on('connectionError', (_, err) => log.warn({ err: err.message }, 'connection refused'));
  server.listen({ host: '127.0.0.1', port });
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(explain(error as NodeJS.ErrnoException, port), { cause: error });
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      const allGone = new AbortController();
      const check = () => [...clients].some(hasWill) || allGone.abort();
      aedes.on('clientDisconnect', check);
      check();
      await pause(offlinePatienceSeconds, allGone.signal);
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
}

function authenticateWith(username: string | undefined, password: string): AuthenticateHandler {
  const expected = digest(`${username}\0${password}`);
  return (_client, givenName, givenPassword, done) => {
    if (timingSafeEqual(digest(`${givenName}\0${String(givenPassword)}`), expected)) return done(null, true);
    const error = new Error('user name or password is wrong');
    return done(Object.assign(error, { returnCode: badUserNameOrPassword }), false);
  };
}

/** All are equally long, so a comparison takes a time that depends on neither the content nor the length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hasWill(client: Client): boolean {
  return 'will' in client && client.will !== undefined && client.will !== null;
}

function explain(error: NodeJS.ErrnoException, port: number): string {
  if (error.code === 'EADDRINUSE') {
    return `port ${port} is in use, perhaps by another broker: stop that one, or set broker.port (or broker.embedded: false)`;
  }
  if (error.code === 'EACCES') return `port ${port} is not allowed: set broker.port to 1024 or more`;
  return `the broker cannot listen on 127.0.0.1:${port}`;
}

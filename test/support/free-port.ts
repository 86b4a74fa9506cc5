import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to outgoing connections, of which one could take the port before its program does. */
const lowest = 10_000;
const highest = 32_000;
/** The rooms of a file have the ports after the one that it names. */
const inARow = 5;

/** A TCP port of 127.0.0.1 that nobody listened on a moment ago, and none on the four after it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const free = await Promise.all(Array.from({ length: inARow }, (_, n) => isFree(port + n)));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

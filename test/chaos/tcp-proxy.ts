import { connect, createServer, type Socket } from 'node:net';
import { createPacketSplitter, isPuback, refusedSuback } from '../support/mqtt-packets.js';
import type { AddressInfo } from 'node:net';

/** How a proxy spoils a connection: its answer ends early, is reset, is no HTTP, or comes a few bytes at a time. */
export type Spoiling = 'cut short' | 'reset' | 'garbage' | 'drip';

/** A TCP proxy between two programs. */
export type TcpProxy = {
  readonly port: number;
  /** Resets all its connections. */
  cut(): void;
  /** Spoils the next `count` connections; ends the present ones, so that there are such. */
  spoilNext(how: Spoiling, count: number): void;
  /** Keeps the next `count` PUBACK packets of a broker from its clients; `count` takes the place of what was asked before. */
  swallowPubacks(count: number): void;
  /** Makes the next `count` subscriptions look refused: the broker's answer says `not authorized`. */
  refuseSubscriptions(count: number): void;
  close(): Promise<void>;
};

/** Listens on a free port and forwards one protocol to the port `target`, where nothing needs to listen. */
export async function openTcpProxy(target: number, protocol: 'mqtt' | 'http'): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let pubacksToSwallow = 0;
  let subscriptionsToRefuse = 0;
  const change = (packet: Buffer): Buffer | undefined => {
    if (isPuback(packet) && pubacksToSwallow > 0 && pubacksToSwallow-- > 0) return undefined;
    const refused = subscriptionsToRefuse > 0 ? refusedSuback(packet) : undefined;
    if (refused === undefined) return packet;
    subscriptionsToRefuse -= 1;
    return refused;
  };
  let spoiling: { readonly how: Spoiling; left: number } | undefined;
  const server = createServer((client) => {
    if (spoiling !== undefined && spoiling.left > 0) {
      spoiling.left -= 1;
      return spoil(client, target, spoiling.how);
    }
    const upstream = connect(target, '127.0.0.1');
    client.pipe(upstream);
    if (protocol === 'http') upstream.pipe(client);
    else forwardPackets(upstream, client, change);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    spoilNext(how, count) {
      spoiling = { how, left: count };
      cut();
    },
    swallowPubacks: (count) => void (pubacksToSwallow = count),
    refuseSubscriptions: (count) => void (subscriptionsToRefuse = count),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Forwards whole MQTT packets as `change` makes them; undefined: not at all. */
function forwardPackets(from: Socket, to: Socket, change: (packet: Buffer) => Buffer | undefined): void {
  const split = createPacketSplitter();
  from.on('data', (chunk) => {
    for (const packet of split(chunk)) {
      const changed = change(packet);
      if (changed !== undefined) to.write(changed);
    }
  });
  from.on('end', () => to.end());
}

function spoil(client: Socket, target: number, how: Spoiling): void {
  client.on('error', () => undefined);
  client.once('data', (request) => {
    if (how === 'reset') return void client.resetAndDestroy();
    if (how === 'garbage') return void client.end('GARBAGE/9 200\r\n\r\nx');
    const upstream = connect(target, '127.0.0.1', () => upstream.write(request));
    upstream.on('error', () => client.destroy());
    if (how === 'drip') return dripInto(client, upstream);
    upstream.once('data', (answer) => {
      client.end(answer.subarray(0, Math.ceil(answer.length / 2)));
      upstream.destroy();
    });
  });
}

/** Forwards an answer a few bytes a second. */
function dripInto(client: Socket, upstream: Socket): void {
  let waiting = Buffer.alloc(0);
  upstream.on('data', (chunk) => (waiting = Buffer.concat([waiting, chunk])));
  const timer = setInterval(() => {
    client.write(waiting.subarray(0, 4));
    waiting = waiting.subarray(4);
  }, 250);
  client.on('close', () => {
    clearInterval(timer);
    upstream.destroy();
  });
}

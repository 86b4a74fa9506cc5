import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import type { Region } from '../../domain/motion/judgement.js';
import type { Detection } from '../../domain/recognition/detection.js';
import { openCv } from './binding.js';
import { modelSide, type Network } from './network.js';

// One process has the model, and the detectors of a `roomwatch start` look through it: 60 MB for all instead of 60 MB for each.
// A request is the crop (x, y, width, height as 64-bit floats) and the pixels; the answer is a line of JSON.

const cropBytes = 4 * 8;
const requestBytes = cropBytes + modelSide * modelSide * 3;
/** A look that takes longer has failed. */
const patienceMs = 20_000;

type Answer = { readonly found: readonly Detection[] } | { readonly error: string };

/** A server that looks for other processes, one look at a time. */
export type NetworkServer = { close(): Promise<void> };

/** Serves a network on a Unix socket at this path; each client gets its answers in the order of its requests. */
export async function serveNetwork(network: Network, path: string): Promise<NetworkServer> {
  const clients = new Set<Socket>();
  let looking: Promise<unknown> = Promise.resolve();
  const look = (request: Buffer): Promise<Answer> => {
    const answer = looking.then(() => answerTo(network, request));
    looking = answer;
    return answer;
  };
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.on('error', () => client.destroy());
    void answerAll(client, look).catch(() => client.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    async close() {
      for (const client of clients) client.destroy();
      server.close();
      await looking;
    },
  };
}

/** Reads no request of a client before it has answered the last one. */
async function answerAll(client: Socket, look: (request: Buffer) => Promise<Answer>): Promise<void> {
  const request = Buffer.alloc(requestBytes);
  let bytes = 0;
  for await (const chunk of client as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(request, bytes, at);
      at += copied;
      bytes += copied;
      if (bytes < requestBytes) break;
      bytes = 0;
      client.write(`${JSON.stringify(await look(request))}\n`);
    }
  }
}

async function answerTo(network: Network, request: Buffer): Promise<Answer> {
  const [x, y, width, height] = [0, 8, 16, 24].map((at) => request.readDoubleLE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const { Mat, CV_8UC3 } = openCv();
  // It copies the bytes.
  const image = new Mat(request.subarray(cropBytes), modelSide, modelSide, CV_8UC3);
  try {
    return { found: await network.detect(image, { x, y, width, height }) };
  } catch (error) {
    return { error: String(error) };
  } finally {
    image.release();
  }
}

/** Looks through a network that another process serves; connects at the first look, and again after a failure. */
export function connectNetwork(path: string) {
  let socket: Socket | undefined;
  let pending: { resolve(line: string): void; reject(error: Error): void } | undefined;

  function connect(): Socket {
    const opened = createConnection(path).setEncoding('utf8');
    // The process may end while nobody looks.
    opened.unref();
    let text = '';
    opened.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      pending?.resolve(text);
      text = '';
    });
    let cause: unknown;
    opened.on('error', (error) => (cause = error));
    opened.once('close', () => {
      socket = undefined;
      pending?.reject(new Error('the process with the model does not answer', { cause }));
    });
    return opened;
  }

  return {
    /** @param pixels an image of the model's size, which shows the part `crop` of a frame. One call at a time. */
    async detect(pixels: Buffer, crop: Region): Promise<readonly Detection[]> {
      const request = Buffer.alloc(requestBytes);
      [crop.x, crop.y, crop.width, crop.height].forEach((value, index) => request.writeDoubleLE(value, index * 8));
      pixels.copy(request, cropBytes);
      socket ??= connect();
      const asked = socket;
      const tooLate = setTimeout(() => asked.destroy(), patienceMs);
      try {
        const line = new Promise<string>((resolve, reject) => (pending = { resolve, reject }));
        asked.write(request);
        const answer = JSON.parse(await line) as Answer;
        if ('error' in answer) throw new Error(answer.error);
        return answer.found;
      } finally {
        clearTimeout(tooLate);
        pending = undefined;
      }
    },
  };
}

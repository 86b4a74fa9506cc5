import { connect, type Socket } from 'node:net';

const ports: Readonly<Record<string, number>> = {
  'rtsp:': 554,
  'rtsps:': 322,
  'http:': 80,
  'https:': 443,
  'rtmp:': 1935,
};

/**
 * Checks, without blocking, that a server answers at a stream's address: connects, and over RTSP waits for the answer to
 * `OPTIONS` (RFC 2326 §10.1), which every server gives, also a server that asks for a password. Rejects with a reason that
 * names host and port only, never the user name or password. A scheme without a known port passes unchecked.
 */
export async function probe(url: URL, seconds: number, signal: AbortSignal): Promise<void> {
  const port = url.port === '' ? ports[url.protocol] : Number(url.port);
  if (port === undefined || url.hostname === '') return;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Not connect's own `signal` option: it never removes its listener (Node 20), so each attempt would add another.
  const socket = connect({ host, port });
  const stop = () => socket.destroy(new Error('stopped'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await waitForAnswer(socket, url, seconds);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new Error(`${url.hostname}:${port} does not answer (${why})`, { cause });
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function waitForAnswer(socket: Socket, url: URL, seconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(seconds * 1000, () => reject(new Error(`silent for ${seconds} s`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('hung up')));
    socket.once('connect', () => {
      if (url.protocol !== 'rtsp:') return resolve();
      socket.once('data', () => resolve());
      socket.write(
        `OPTIONS rtsp://${url.host}${url.pathname}${url.search} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Roomwatch\r\n\r\n`,
      );
    });
  });
}

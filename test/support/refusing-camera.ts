import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** An RTSP camera on loopback that answers every request for a stream with `status`, such as `404 Not Found`. */
export async function startRefusingCamera(status: string) {
  let refusals = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const request = bytes.toString();
      const cseq = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '1';
      if (request.startsWith('OPTIONS')) {
        return void socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n`);
      }
      refusals++;
      const challenge = status.startsWith('401') ? 'WWW-Authenticate: Digest realm="cam", nonce="a1b2"\r\n' : '';
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n${challenge}\r\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    refusals: () => refusals,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

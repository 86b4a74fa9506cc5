import { Transform } from 'node:stream';

const publish = 3;
/** A parser keeps all packets of a piece until they are handled; of a large piece, V8 would take many for long-lived and keep them for minutes. */
const maxPieceBytes = 1024;

/**
 * Limits the packets of a broker: MQTT 3.1.1 cannot ask it to, and a parser would wait for all of a packet. A larger PUBLISH
 * comes out without its payload, so that it is acknowledged like any other and does not come again for ever.
 * @param refuse called for a large packet of another kind, after which nothing comes out
 */
export function limitPackets(maxBytes: number, protocol: 5 | '3.1.1', refuse: (error: Error) => void): Transform {
  /** the first bytes of a packet, until they say how long it is, or what it is about */
  let head: Buffer = Buffer.alloc(0);
  /** bytes of the packet that still come, to be passed on or left out */
  let rest = 0;
  let passing = true;

  function* split(chunk: Buffer): Generator<Buffer> {
    /** from here on, bytes pass that have not come out yet */
    let begin = 0;
    let at = 0;
    while (at < chunk.length) {
      if (rest > 0) {
        const part = Math.min(rest, chunk.length - at);
        rest -= part;
        at += part;
        if (!passing) begin = at;
        continue;
      }
      const known = head.length;
      const [bytes, start] = known === 0 ? [chunk, at] : [Buffer.concat([head, chunk]), 0];
      const header = readHeader(bytes, start);
      if (header !== undefined) {
        passing = header.size - header.length <= maxBytes;
        if (!passing && header.kind !== publish) throw new Error('the broker sent a packet that is too large');
      }
      const stub = header && (passing ? head : withoutPayload(bytes, start, header, protocol));
      if (!passing || stub === undefined || at - begin >= maxPieceBytes) {
        if (at > begin) yield chunk.subarray(begin, at);
        begin = at;
      }
      if (header === undefined || stub === undefined) return void (head = Buffer.from(bytes.subarray(start)));
      if (stub.length > 0) yield stub;
      head = Buffer.alloc(0);
      rest = header.size - known;
    }
    if (at > begin) yield chunk.subarray(begin, at);
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        for (const piece of split(chunk)) this.push(piece);
        done();
      } catch (error) {
        refuse(error as Error);
      }
    },
  });
}

/** Kind of the packet at `start`, and the bytes of its fixed header and of all of it (MQTT 5 §2.1); undefined if more bytes are needed. */
function readHeader(bytes: Buffer, start: number): { kind: number; length: number; size: number } | undefined {
  let remaining = 0;
  for (let n = 1; n <= 4; n += 1) {
    const byte = bytes[start + n];
    if (byte === undefined) return undefined;
    remaining += (byte & 0x7f) * 2 ** (7 * (n - 1));
    if (byte < 0x80) return { kind: bytes[start]! >> 4, length: n + 1, size: n + 1 + remaining };
  }
  throw new Error('the broker sent a packet without a valid length');
}

/**
 * The PUBLISH packet at `start` (MQTT 5 §3.3) with topic and packet identifier, but without properties and payload; undefined if
 * more bytes are needed.
 */
function withoutPayload(
  bytes: Buffer,
  start: number,
  { length, size }: { readonly length: number; readonly size: number },
  protocol: 5 | '3.1.1',
): Buffer | undefined {
  const topic = start + length;
  if (bytes.length < topic + 2) return undefined;
  const hasId = (bytes[start]! & 0x06) !== 0;
  const end = topic + 2 + bytes.readUInt16BE(topic) + (hasId ? 2 : 0);
  if (end > start + size) throw new Error('the broker sent a packet that is shorter than its topic');
  if (bytes.length < end) return undefined;
  const noProperties = protocol === 5 ? [0] : [];
  const body = Buffer.concat([bytes.subarray(topic, end), Buffer.from(noProperties)]);
  const remaining: number[] = [];
  for (let left = body.length; left > 0; left >>= 7) remaining.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.concat([bytes.subarray(start, start + 1), Buffer.from(remaining), body]);
}

import { Transform } from 'node:stream';

const publish = 3;

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
    for (let bytes = chunk; bytes.length > 0;) {
      if (rest > 0) {
        const part = bytes.subarray(0, rest);
        rest -= part.length;
        bytes = bytes.subarray(part.length);
        if (passing) yield part;
        continue;
      }
      const packet = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
      const taken = packet.length - bytes.length;
      const header = readHeader(packet);
      if (header === undefined) return void (head = Buffer.from(packet));
      passing = header.end - header.start <= maxBytes;
      let use = header.start;
      if (!passing && header.kind !== publish) throw new Error('the broker sent a packet that is too large');
      if (passing) yield packet.subarray(0, use);
      else {
        const start = withoutPayload(packet, header.start, protocol);
        if (start === undefined) return void (head = Buffer.from(packet));
        use = start.use;
        if (use > header.end) throw new Error('the broker sent a packet that is shorter than its topic');
        yield start.packet;
      }
      rest = header.end - use;
      head = Buffer.alloc(0);
      bytes = bytes.subarray(use - taken);
    }
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        for (const part of split(chunk)) this.push(part);
        done();
      } catch (error) {
        refuse(error as Error);
      }
    },
  });
}

/** Kind, and where the variable header starts and the packet ends (MQTT 5 §2.1); undefined if more bytes are needed. */
function readHeader(packet: Buffer): { kind: number; start: number; end: number } | undefined {
  let length = 0;
  for (let n = 1; n <= 4; n += 1) {
    const byte = packet[n];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * (n - 1));
    if (byte < 0x80) return { kind: packet[0]! >> 4, start: n + 1, end: n + 1 + length };
  }
  throw new Error('the broker sent a packet without a valid length');
}

/**
 * A PUBLISH packet (MQTT 5 §3.3) with topic and packet identifier, but without properties and payload, and how many bytes of the
 * original it stands for; undefined if more bytes are needed.
 */
function withoutPayload(packet: Buffer, start: number, protocol: 5 | '3.1.1') {
  if (packet.length < start + 2) return undefined;
  const hasId = (packet[0]! & 0x06) !== 0;
  const use = start + 2 + packet.readUInt16BE(start) + (hasId ? 2 : 0);
  if (packet.length < use) return undefined;
  const noProperties = protocol === 5 ? [0] : [];
  const body = Buffer.concat([packet.subarray(start, use), Buffer.from(noProperties)]);
  const length: number[] = [];
  for (let left = body.length; left > 0; left >>= 7) length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return { use, packet: Buffer.concat([packet.subarray(0, 1), Buffer.from(length), body]) };
}

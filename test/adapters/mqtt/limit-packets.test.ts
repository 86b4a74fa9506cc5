import { expect, test } from 'vitest';
import mqttPacket from 'mqtt-packet';
import { limitPackets } from '../../../src/adapters/mqtt/limit-packets.js';
import { createRandom } from '../../chaos/random.js';

const publish = (protocolVersion: 4 | 5, payload: Buffer, qos: 0 | 1 = 1) =>
  mqttPacket.generate(
    { cmd: 'publish', topic: 'base/kitchen/command', messageId: 300, payload, qos, retain: false, dup: false },
    { protocolVersion },
  );

/** Sends the bytes through a limit of 1000 bytes in the given pieces; returns what a parser makes of them. */
async function parsed(bytes: Buffer, cuts: readonly number[], protocol: 5 | '3.1.1') {
  let refusal: Error | undefined;
  const limit = limitPackets(1000, protocol, (error) => (refusal = error));
  const parser = mqttPacket.parser({ protocolVersion: protocol === 5 ? 5 : 4 });
  const packets: unknown[] = [];
  parser.on('packet', (packet) => packets.push(packet.cmd === 'publish' ? packet.payload.length : packet.cmd));
  limit.on('data', (part: Buffer) => void parser.parse(part));
  const ends = [...cuts, bytes.length];
  for (const [n, end] of ends.entries()) limit.write(bytes.subarray(ends[n - 1] ?? 0, end));
  await new Promise((resolve) => setImmediate(resolve));
  return { packets, refusal };
}

test.each(['3.1.1', 5] as const)(
  'MQTT %s: large messages lose their payload, wherever the stream is cut',
  async (protocol) => {
    const version = protocol === 5 ? 5 : 4;
    const seed = 17;
    const random = createRandom(seed);
    for (let run = 0; run < 300; run += 1) {
      const sizes = Array.from({ length: 6 }, () => Math.floor(random.pick([3, 900, 1100, 40_000]) * random.next()));
      const qos = random.pick([0, 1] as const);
      const packets = sizes.map((bytes) => publish(version, Buffer.alloc(bytes, 1), qos));
      const bytes = Buffer.concat(packets.flatMap((packet) => [packet, Buffer.from([0xd0, 0])]));
      const cuts = Array.from({ length: 30 }, () => Math.floor(random.next() ** 3 * bytes.length)).sort(
        (a, b) => a - b,
      );
      const result = await parsed(bytes, cuts, protocol);
      const expected = sizes.flatMap((size, n) => [packets[n]!.length > 1003 ? 0 : size, 'pingresp']);
      expect(result, `seed ${seed}, run ${run}`).toEqual({ packets: expected, refusal: undefined });
    }
  },
);

test('any other packet that is too large ends the connection', async () => {
  const { refusal } = await parsed(Buffer.from([0x20, 0xff, 0xff, 0x7f, 0]), [], 5);
  expect(refusal?.message).toContain('too large');
});

test('a flood of small messages comes out in pieces of some twenty messages', () => {
  const flood = Buffer.concat(Array.from({ length: 1000 }, (_, n) => publish(5, Buffer.alloc(n % 50))));
  const pieces: Buffer[] = [];
  const limit = limitPackets(1000, 5, () => undefined).on('data', (piece: Buffer) => pieces.push(piece));
  limit.write(flood);
  expect(Buffer.concat(pieces).equals(flood)).toBe(true);
  expect(pieces.length).toBeLessThan(flood.length / 1000 + 1);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1200);
});

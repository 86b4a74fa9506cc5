import { expect, test } from 'vitest';
import { createRecentPackets, type StreamPacket } from '../../../src/domain/camera/recent-packets.js';

type Named = StreamPacket & { readonly name: string };

/** Packets by name: `K0.5` is a key frame that arrived at 0.5 s, `d0.6` another frame, `d0.6@7` one with a time stamp. Each has 10 bytes. */
function keep(names: string, limits = { seconds: 2, bytes: 1000, packets: 100 }) {
  const recent = createRecentPackets<Named>(limits);
  const released: string[] = [];
  const push = (more: string) => {
    for (const name of more.split(' ')) {
      const release = () => void released.push(name);
      const [at = NaN, seconds = NaN] = name.slice(1).split('@').map(Number);
      recent.push({ name, at, seconds, isKey: name.startsWith('K'), bytes: 10, release });
    }
  };
  push(names);
  const upTo = (at: number) =>
    recent
      .upTo(at)
      ?.packets.map(({ name }) => name)
      .join(' ');
  return { recent, released, push, upTo };
}

test('gives the packets from a key frame to the one that arrived nearest', () => {
  const { upTo } = keep('K0 d0.1 d0.2 K0.3 d0.4');
  expect(upTo(0.11)).toBe('K0 d0.1');
  expect(upTo(0.24)).toBe('K0 d0.1 d0.2');
  expect(upTo(0.3)).toBe('K0.3');
  expect(upTo(9)).toBe('K0.3 d0.4');
  expect(upTo(-9)).toBe('K0');
});

test('time stamps say what came late: that of the packet with the shortest way is right', () => {
  // All that was buffered while the stream was opened comes at 5; the last one was sent just before.
  const { upTo, recent } = keep('K5@100 d5@100.5 d5@101 d5.2@101.4');
  expect(upTo(3.8)).toBe('K5@100');
  expect(upTo(4.81)).toBe('K5@100 d5@100.5 d5@101');
  expect(recent.upTo(4.4)?.offset).toBeCloseTo(0.1);
});

test('packets before the first key frame are no use', () => {
  const { upTo, released } = keep('d0 d0.1');
  expect(upTo(0)).toBeUndefined();
  expect(released).toEqual(['d0', 'd0.1']);
});

test('a group goes when the next one alone is old enough', () => {
  const { released, push } = keep('K0 d1 K1.5 d2 d3.4');
  expect(released).toEqual([]);
  push('d3.5');
  expect(released).toEqual(['K0', 'd1']);
});

test.each([
  ['bytes', { seconds: 2, bytes: 40, packets: 100 }],
  ['packets', { seconds: 2, bytes: 1000, packets: 4 }],
])(
  'never more %s than allowed: the older group goes first, and a group that is too long alone goes, too',
  (_, limits) => {
    const { released, push, recent, upTo } = keep('K0 d0.1 K0.2 d0.3', limits);
    push('d0.4');
    expect(released).toEqual(['K0', 'd0.1']);
    expect(recent.tooLong).toBe(false);
    push('d0.5 d0.6');
    expect(upTo(0.6)).toBeUndefined();
    expect(released).toHaveLength(7);
    expect(recent.tooLong).toBe(true);
    push('d0.7 K0.8');
    expect(upTo(0.8)).toBe('K0.8');
    expect(recent.tooLong).toBe(false);
  },
);

test('a clock that was set back begins anew; a correction does not', () => {
  const { released, push, upTo } = keep('K10 d9.9');
  expect(released).toEqual([]);
  push('d1 K1.1');
  expect(released).toEqual(['K10', 'd9.9', 'd1']);
  expect(upTo(1)).toBe('K1.1');
});

test('clearing releases everything', () => {
  const { recent, released } = keep('K0 d0.1 K0.2');
  recent.clear();
  expect(released).toEqual(['K0', 'd0.1', 'K0.2']);
  expect(recent.newestAt).toBeUndefined();
});

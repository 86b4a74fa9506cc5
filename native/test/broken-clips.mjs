import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/** Of a long clip the beginning is enough. */
const mostBytes = 300_000;
/** MPEG-TS packets; in other files as good a block as any. */
const blockBytes = 188;

/** Writes `count` broken clips, made of the sound ones by chance from the seed; answers their paths. */
export function breakClips(sound, folder, count, seed) {
  const chance = chanceFrom(seed);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const clips = sound.map((path) => ({ path, bytes: readFileSync(path).subarray(0, mostBytes) }));
  return Array.from({ length: count }, (_, n) => {
    const { path, bytes } = clips[n % clips.length];
    const [damage, broken] = pick(Object.entries(damages));
    const alike = clips.filter((other) => extname(other.path) === extname(path));
    const target = join(folder, `${n}-${damage}-${basename(path)}`);
    writeFileSync(target, broken(Buffer.from(bytes), chance, pick(alike).bytes));
    return target;
  });
}

const damages = {
  bits(bytes, chance) {
    const flips = 1 + Math.floor((chance() * bytes.length) / 500);
    for (let n = 0; n < flips; n++) bytes[Math.floor(chance() * bytes.length)] ^= 1 << Math.floor(chance() * 8);
    return bytes;
  },
  /** Sizes, counts and codec parameters stand at the beginning. */
  header(bytes, chance) {
    for (let n = 0; n < 8; n++) bytes[Math.floor(chance() * Math.min(1024, bytes.length))] = Math.floor(chance() * 256);
    return bytes;
  },
  /** MP4 has its index at the end. */
  tail(bytes, chance) {
    for (let n = 0; n < 8; n++) {
      bytes[bytes.length - 1 - Math.floor(chance() * Math.min(1024, bytes.length))] = Math.floor(chance() * 256);
    }
    return bytes;
  },
  cut: (bytes, chance) => bytes.subarray(0, Math.floor(chance() * bytes.length)),
  beheaded: (bytes, chance) => bytes.subarray(Math.floor(chance() * bytes.length)),
  swapped(bytes, chance) {
    const block = () => Math.floor((chance() * (bytes.length - blockBytes)) / blockBytes) * blockBytes;
    for (let n = 0; n < 10 && bytes.length > 2 * blockBytes; n++) {
      const [one, other] = [block(), block()];
      const saved = Buffer.from(bytes.subarray(one, one + blockBytes));
      bytes.copy(bytes, one, other, other + blockBytes);
      saved.copy(bytes, other);
    }
    return bytes;
  },
  zeroed(bytes, chance) {
    const start = Math.floor(chance() * bytes.length);
    return bytes.fill(0, start, Math.min(bytes.length, start + 4096));
  },
  /** Another clip of the same format in mid-stream, of another size where there is one. */
  joined: (bytes, chance, other) =>
    Buffer.concat([bytes.subarray(0, Math.floor((0.2 + 0.8 * chance()) * bytes.length)), other]),
  sizes: (bytes, chance, other) => Buffer.concat([bytes, other, bytes]),
};

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chanceFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

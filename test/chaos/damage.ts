import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a bad card, a power cut or a person does to a file. */
const damages: readonly ((path: string, bytes: Buffer, choice: number) => void)[] = [
  (path, bytes, choice) => {
    const at = Math.floor(choice * bytes.length);
    bytes[at] = bytes[at]! ^ (1 << Math.floor(choice * 8));
    writeFileSync(path, bytes);
  },
  (path, bytes, choice) => {
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(Math.ceil(bytes.length / 4)), 0, undefined, Math.floor(choice * bytes.length * 0.75));
    closeSync(file);
  },
  (path, bytes, choice) => truncateSync(path, Math.floor(choice * bytes.length)),
  (path) => rmSync(path),
];

/** The places that hold the facts of a picture: itself, and two records of it. */
type Place = 'picture' | 'snapshot-index' | 'outbox';
const places = new Set<unknown>(['picture', 'snapshot-index', 'outbox'] satisfies Place[]);

/**
 * What was damaged since the detector last mended its files. One of the three places stays as it is until then: no program can
 * report a picture that nothing speaks of any more.
 */
export type DamagedPlaces = {
  /** Whether this file may be damaged; if so, it counts as damaged from now on. */
  claim(file: string): boolean;
  /** To be called when the detector has mended its files: the records are whole again. */
  mended(): void;
};

/** @param isPictureDamaged whether there is a damaged picture that has not ended; it does not become whole again */
export function createDamagedPlaces(isPictureDamaged: () => boolean): DamagedPlaces {
  const damaged = new Set<string>();
  return {
    claim(file) {
      if (!places.has(file)) return true;
      if (isPictureDamaged()) damaged.add('picture');
      if (!damaged.has(file) && damaged.size === places.size - 1) return false;
      damaged.add(file);
      return true;
    },
    mended: () => damaged.clear(),
  };
}

/** Flips a bit of a file, or zeros a quarter of it, or cuts it short, or removes it; an empty or missing one stays as it is. */
export function damageFile(path: string, choice: number): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  if (bytes.length === 0) return;
  const kind = Math.floor(choice * damages.length);
  damages[kind]!(path, bytes, choice * damages.length - kind);
}

/** Damages a picture of a folder; returns its id, or undefined if there is none. */
export function damagePicture(folder: string, choice: number): string | undefined {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
  // One of the newest: the older ones are archived.
  const name = names.toSorted().at(-1 - (Math.floor(choice * 4 * 3) % 3));
  if (name === undefined) return undefined;
  damageFile(join(folder, name), choice);
  return name.replace('.jpg', '');
}

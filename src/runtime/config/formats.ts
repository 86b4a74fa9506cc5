import { resolve } from 'node:path';
import convict from 'convict';
import { parseJson } from '../../domain/contract/read-json.js';
import { isAddress, readAddress } from '../address.js';
import { hidden, withoutCredentials } from '../redact.js';

/** A key of the configuration: its meaning, its default and the values it may have. */
export type ConfigKey<T> = {
  readonly doc: string;
  readonly default: T;
  readonly format: 'checked';
  /** The value is never shown in a list of problems, and may also come from a file named by `…_FILE`. */
  readonly sensitive: boolean;
  /** A text: in YAML, a number or a date that is not in quotes is refused instead of being guessed. */
  readonly isText: boolean;
  /** Gives the part of the value that may be shown. */
  readonly show: (value: T) => unknown;
  /** Throws an error that says what the value must be. */
  readonly check: (value: unknown) => void;
  /** Turns another spelling of a value into the one the program uses. */
  readonly normalise: (value: unknown) => unknown;
  /** Reads the text of an environment variable; the result still has to pass `check`. */
  readonly read: (text: string) => unknown;
  /** The JSON schema of the value, for editors: what it allows, `check` may still refuse. */
  readonly shape: Shape;
  /** Makes a path in a configuration file relative to the folder of that file; gives any other value back. */
  readonly locate: (value: unknown, folder: string) => unknown;
};

/** A JSON schema. */
export type Shape = Readonly<Record<string, unknown>>;

/** What a value may be, and how it is read from the environment. */
export type Kind<T> = Pick<ConfigKey<T>, 'check' | 'read' | 'shape'> & {
  readonly isText?: boolean;
  readonly _type?: T;
};

// convict converts a string to the type of the default ("5 apples" to 5, any word to true). This format keeps values as
// they were written, so that they can be refused.
convict.addFormat({
  name: 'checked',
  validate: (value: unknown, key: unknown) => (key as ConfigKey<unknown>).check(value),
  coerce: (value: unknown) => value,
});

/** A key with a default. */
export function key<T>(kind: Kind<T>, fallback: T, doc: string): ConfigKey<T> {
  const plain = { format: 'checked', sensitive: false, show: same, normalise: same, locate: same } as const;
  const { check, read, shape, isText = false } = kind;
  return { ...plain, check, read, shape, isText, default: fallback, doc };
}

/** A key that may be missing or empty; its value is then undefined. */
export function optional<T>(kind: Kind<T>, doc: string): ConfigKey<T | undefined> {
  const check = (value: unknown) => (value === undefined ? undefined : kind.check(value));
  return {
    ...key<T | undefined>({ ...kind, check }, undefined, doc),
    normalise: (value) => (value === '' ? undefined : value),
  };
}

/** Makes the value of a key a secret. */
export function secret<T>(inner: ConfigKey<T>): ConfigKey<T> {
  return { ...inner, sensitive: true, show: (value) => (value === undefined ? undefined : hidden) };
}

/**
 * Marks a value that may be an address with credentials. The program gets it in the one correct spelling (`readAddress`),
 * whatever the user wrote.
 */
export function secretInside<T extends string | undefined>(inner: ConfigKey<T>): ConfigKey<T> {
  return {
    ...inner,
    sensitive: true,
    show: (value) => (value === undefined ? undefined : withoutCredentials(value)),
    check(value) {
      if (typeof value === 'string' && seemsAddress(value)) {
        const address = readAddress(value);
        if ('problem' in address) throw new Error(address.problem);
      }
      inner.check(value);
    },
    normalise(value) {
      const usual = inner.normalise(value);
      if (typeof usual !== 'string' || !isAddress(usual)) return usual;
      const address = readAddress(usual);
      return 'problem' in address ? usual : address.href;
    },
  };
}

/** Makes the value of a key the path of a file or folder. */
export function path<T>(inner: ConfigKey<T>): ConfigKey<T> {
  return {
    ...inner,
    locate: (value, folder) => (typeof value === 'string' && value !== '' ? resolve(folder, value) : value),
  };
}

/** A camera: an address, one of some words, each with a path or `undefined` to keep it as it is, or a path. */
export function cameraSource<T>(
  inner: ConfigKey<T>,
  words: Readonly<Record<string, string | undefined>>,
): ConfigKey<T> {
  const isWord = (value: string) => Object.hasOwn(words, value);
  return {
    ...inner,
    normalise(value) {
      const usual = inner.normalise(value);
      return typeof usual === 'string' && isWord(usual) ? (words[usual] ?? usual) : usual;
    },
    locate(value, folder) {
      const isPath = typeof value === 'string' && value !== '' && !isWord(value) && !seemsAddress(value);
      return isPath ? resolve(folder, value) : value;
    },
  };
}

/** Also `user:password@host` without a scheme, which would be shown as the name of a missing file. */
function seemsAddress(value: string): boolean {
  return isAddress(value) || /^["']|^(?!\.{0,2}\/).*:.*@/s.test(value.trim());
}

/** Text that `rule` accepts; `must` completes "must be …". */
export function text(must = 'text', rule: (value: string) => boolean = () => true): Kind<string> {
  return {
    check: (value) => demand(typeof value === 'string' && value !== '' && rule(value), must),
    read: (value) => value,
    shape: { type: 'string' },
    isText: true,
  };
}

/** Text of this form; `must` completes "must be …". */
export function textLike(form: RegExp, must: string): Kind<string> {
  return { ...text(must, (value) => form.test(value)), shape: { type: 'string', pattern: form.source } };
}

/** Text to which `wrong` has no objection. */
export function textChecked(wrong: (value: string) => string | undefined): Kind<string> {
  const any = text();
  return {
    check(value) {
      any.check(value);
      const objection = wrong(value as string);
      if (objection !== undefined) throw new Error(objection);
    },
    read: any.read,
    shape: any.shape,
    isText: true,
  };
}

/** A number, with its limits included. */
export function number(min: number, max: number, unit = ''): Kind<number> {
  return {
    check: (value) => demand(inside(value, min, max), `a number from ${min} to ${max}${unit}`),
    read: readNumber,
    shape: { type: 'number', minimum: min, maximum: max },
  };
}

/** A whole number, with its limits included. */
export function whole(min: number, max: number, unit = ''): Kind<number> {
  return {
    check: (value) =>
      demand(Number.isInteger(value) && inside(value, min, max), `a whole number from ${min} to ${max}${unit}`),
    read: readNumber,
    shape: { type: 'integer', minimum: min, maximum: max },
  };
}

/** `true` or `false`; in the environment also 1, yes, on and 0, no, off. */
export const flag: Kind<boolean> = {
  check: (value) => demand(typeof value === 'boolean', 'true or false'),
  read(value) {
    if (/^(true|1|yes|on)$/i.test(value)) return true;
    return /^(false|0|no|off)$/i.test(value) ? false : value;
  },
  shape: { type: 'boolean' },
};

/** One of some words. */
export function oneOf<const T extends readonly (string | number)[]>(...words: T): Kind<T[number]> {
  return {
    check: (value) => demand(words.includes(value as T[number]), `one of ${words.join(', ')}`),
    read: (value) => value,
    shape: { enum: words },
  };
}

/** One of some numbers. */
export function oneNumberOf<const T extends readonly number[]>(...numbers: T): Kind<T[number]> {
  return { ...oneOf(...numbers), read: readNumber };
}

/** A list (JSON in the environment) that `rule` accepts; `shape` is its JSON schema. */
export function list<T extends readonly unknown[]>(
  must: string,
  rule: (value: readonly unknown[]) => boolean,
  shape: Shape = {},
): Kind<T> {
  return {
    check: (value) => demand(Array.isArray(value) && rule(value), must),
    read: (value) => parseJson(value) ?? value,
    shape: { type: 'array', ...shape },
  };
}

/** Whether a value is a number within two limits. */
export function inside(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Throws an error that says what a value must be, unless it is valid. */
export function demand(valid: boolean, must: string): void {
  if (!valid) throw new Error(`must be ${must}`);
}

function same<T>(value: T): T {
  return value;
}

function readNumber(value: string): unknown {
  return value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value);
}

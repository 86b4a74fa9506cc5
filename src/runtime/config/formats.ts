import convict from 'convict';
import { hidden, withoutCredentials } from '../redact.js';

/** One value of the configuration: what it is for, what it is unless set, and what it may be. */
export type Leaf<T> = {
  readonly doc: string;
  readonly default: T;
  readonly format: 'checked';
  /** Never shown in a list of problems; may also come from a file named by `…_FILE`. */
  readonly sensitive: boolean;
  /** What of the value may be shown. */
  readonly show: (value: T) => unknown;
  /** Throws what the value must be, in words. */
  readonly check: (value: unknown) => void;
  /** Turns other spellings of a value into the one the program knows. */
  readonly tidy: (value: unknown) => unknown;
  /** Reads the text of an environment variable; the answer still has to pass `check`. */
  readonly read: (text: string) => unknown;
};

type Kind<T> = Pick<Leaf<T>, 'check' | 'read'> & { readonly _type?: T };

// convict turns a string into whatever type the default has ("5 apples" into 5, any word into true).
// A format of our own keeps values as they were written, so that they can be refused.
convict.addFormat({
  name: 'checked',
  validate: (value: unknown, leaf: unknown) => (leaf as Leaf<unknown>).check(value),
  coerce: (value: unknown) => value,
});

/** A value with a default. */
export function leaf<T>(kind: Kind<T>, fallback: T, doc: string): Leaf<T> {
  const plain = { format: 'checked', sensitive: false, show: same, tidy: same } as const;
  return { ...plain, check: kind.check, read: kind.read, default: fallback, doc };
}

/** A value that may be left out or left empty: undefined then. */
export function optional<T>(kind: Kind<T>, doc: string): Leaf<T | undefined> {
  const check = (value: unknown) => (value === undefined ? undefined : kind.check(value));
  return {
    ...leaf<T | undefined>({ check, read: kind.read }, undefined, doc),
    tidy: (value) => (value === '' ? undefined : value),
  };
}

/** Makes a value a secret. */
export function secret<T>(inner: Leaf<T>): Leaf<T> {
  return { ...inner, sensitive: true, show: (value) => (value === undefined ? undefined : hidden) };
}

/** Makes a value one that may carry credentials within a URL. */
export function secretInside(inner: Leaf<string>): Leaf<string> {
  return { ...inner, sensitive: true, show: withoutCredentials };
}

/** Text that `rule` accepts; `must` completes "must be …". */
export function text(must = 'text', rule: (value: string) => boolean = () => true): Kind<string> {
  return {
    check: (value) => demand(typeof value === 'string' && value !== '' && rule(value), must),
    read: (value) => value,
  };
}

/** Text that `wrong` has nothing to say against. */
export function textChecked(wrong: (value: string) => string | undefined): Kind<string> {
  const any = text();
  return {
    check(value) {
      any.check(value);
      const objection = wrong(value as string);
      if (objection !== undefined) throw new Error(objection);
    },
    read: any.read,
  };
}

/** A number, with its limits included. */
export function number(min: number, max: number, unit = ''): Kind<number> {
  return {
    check: (value) => demand(inside(value, min, max), `a number from ${min} to ${max}${unit}`),
    read: readNumber,
  };
}

/** A whole number, with its limits included. */
export function whole(min: number, max: number, unit = ''): Kind<number> {
  return {
    check: (value) =>
      demand(Number.isInteger(value) && inside(value, min, max), `a whole number from ${min} to ${max}${unit}`),
    read: readNumber,
  };
}

/** `true` or `false`; in the environment also 1, yes, on and 0, no, off. */
export const flag: Kind<boolean> = {
  check: (value) => demand(typeof value === 'boolean', 'true or false'),
  read(value) {
    if (/^(true|1|yes|on)$/i.test(value)) return true;
    return /^(false|0|no|off)$/i.test(value) ? false : value;
  },
};

/** One of some words. */
export function oneOf<const T extends readonly (string | number)[]>(...words: T): Kind<T[number]> {
  return {
    check: (value) => demand(words.includes(value as T[number]), `one of ${words.join(', ')}`),
    read: (value) => value,
  };
}

/** A list (JSON in the environment) that `rule` accepts. */
export function list<T extends readonly unknown[]>(
  must: string,
  rule: (value: readonly unknown[]) => boolean,
): Kind<T> {
  return {
    check: (value) => demand(Array.isArray(value) && rule(value), must),
    read(value) {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        return value;
      }
    },
  };
}

/** Whether a value is a number within two limits. */
export function inside(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Throws what a value must be. */
export function demand(fine: boolean, must: string): void {
  if (!fine) throw new Error(`must be ${must}`);
}

function same<T>(value: T): T {
  return value;
}

function readNumber(value: string): unknown {
  return value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value);
}

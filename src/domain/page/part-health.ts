import { toInstant } from '../contract/payloads.js';

/** The health of one part of a process: ok, or why not, what to do about it, and when that began. */
export type PartHealth = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly since: string };

/** `trouble` is for people, undefined for none; `troubleSince` is in seconds since the Unix epoch, and means nothing without it. */
export type MaybeTrouble = { readonly trouble: string | undefined; readonly troubleSince: number };

/** The health of a part by its trouble. */
export function partHealth({ trouble: why, troubleSince }: MaybeTrouble): PartHealth {
  return why === undefined ? { ok: true } : { ok: false, why, since: toInstant(troubleSince) };
}

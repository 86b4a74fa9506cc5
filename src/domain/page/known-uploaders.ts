import type { PageState } from './payloads.js';
import { toInstant, uploaderStatus } from '../contract/payloads.js';
import { parseJson } from '../contract/read-json.js';

type Uploader = PageState['uploaders'][number];

/** A limit, because any client of the broker may publish under any number of names. */
const maxUploaders = 50;

/** The uploaders known from their messages, each with its newest availability and status. */
export type KnownUploaders = {
  /**
   * Receives a message of `<base>/uploaders/<name>/availability` or `…/status`; ignores a payload that fits neither.
   * @param at when it was published, in seconds; undefined for a retained message, which may be old
   */
  receive(topic: string, payload: string, at: number | undefined): void;
  /** sorted by name */
  list(): Uploader[];
};

/** Starts empty; the retained messages fill it. */
export function createKnownUploaders(): KnownUploaders {
  const uploaders = new Map<string, Uploader>();
  return {
    receive(topic, payload, at) {
      const [name = '', what] = topic.split('/').slice(-2);
      // An empty retained message removes the retained value (MQTT 5 §3.3.1.3): the uploader was removed.
      if (payload === '') return void uploaders.delete(name);
      const known = uploaders.get(name) ?? { name, online: false, since: null, status: null };
      const changed = what === 'status' ? withStatus(known, payload) : withAvailability(known, payload, at);
      if (changed && (uploaders.has(name) || uploaders.size < maxUploaders)) uploaders.set(name, changed);
    },
    list: () => [...uploaders.values()].sort((a, b) => a.name.localeCompare(b.name)),
  };
}

function withAvailability(uploader: Uploader, payload: string, at: number | undefined): Uploader | undefined {
  if (payload !== 'online' && payload !== 'offline') return undefined;
  const online = payload === 'online';
  if (online === uploader.online) return uploader;
  return { ...uploader, online, since: at === undefined ? null : toInstant(at) };
}

function withStatus(uploader: Uploader, payload: string): Uploader | undefined {
  const status = uploaderStatus.safeParse(parseJson(payload));
  return status.success ? { ...uploader, status: status.data } : undefined;
}

import type { PageState } from './payloads.js';
import { uploaderStatus } from '../contract/payloads.js';

type Uploader = PageState['uploaders'][number];

/** A stranger may claim any number of names. */
const mostUploaders = 50;

/** The uploaders that were heard of, as they said last. */
export type KnownUploaders = {
  /** Takes a message of `<base>/uploaders/<name>/availability` or `…/status`; what fits neither is passed over. */
  receive(topic: string, payload: string): void;
  list(): Uploader[];
};

/** Knows nobody yet: retained messages tell. */
export function createKnownUploaders(): KnownUploaders {
  const uploaders = new Map<string, Uploader>();
  return {
    receive(topic, payload) {
      const [name = '', what] = topic.split('/').slice(-2);
      // An empty retained message is how a broker is told to forget.
      if (payload === '') return void uploaders.delete(name);
      const known = uploaders.get(name) ?? { name, online: false, status: null };
      const changed = what === 'status' ? withStatus(known, payload) : withAvailability(known, payload);
      if (changed && (uploaders.has(name) || uploaders.size < mostUploaders)) uploaders.set(name, changed);
    },
    list: () => [...uploaders.values()].sort((a, b) => a.name.localeCompare(b.name)),
  };
}

function withAvailability(uploader: Uploader, payload: string): Uploader | undefined {
  return payload === 'online' || payload === 'offline' ? { ...uploader, online: payload === 'online' } : undefined;
}

function withStatus(uploader: Uploader, payload: string): Uploader | undefined {
  try {
    const status = uploaderStatus.safeParse(JSON.parse(payload));
    return status.success ? { ...uploader, status: status.data } : undefined;
  } catch {
    return undefined;
  }
}

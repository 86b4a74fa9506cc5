import { hostname } from 'node:os';
import type { Config } from '../runtime/config/config.js';
import { addressTowards, isForPeople } from '../runtime/local-address.js';

/** Gives what addresses of the detector begin with, at the moment of the call. */
export type PublicUrl = () => Promise<string>;

const everyAddress = /^(?:0\.0\.0\.0|\[?::\]?|)$/;

/**
 * The detector's address for others: `http.public_url`, or the address on which it listens. If that is every address of the machine,
 * it is the one that the connection to the broker uses, since whoever gets the address gets it from the broker.
 * @param listening the address that the server has made of host and port
 */
export function createPublicUrl({ http, mqtt }: Pick<Config, 'http' | 'mqtt'>, listening: string): PublicUrl {
  if (http.public_url !== undefined || !everyAddress.test(http.host)) return () => Promise.resolve(listening);
  const { port } = new URL(listening);
  const broker = new URL(mqtt.url).hostname;
  return async () => `http://${(await addressTowards(broker)) ?? hostname()}:${port || 80}`;
}

/** The address at which people open the detector's page; undefined if no address is known that they could open. */
export async function pageForPeople({ http }: Pick<Config, 'http'>, publicUrl: PublicUrl): Promise<string | undefined> {
  const url = http.page_url ?? (await publicUrl());
  if (http.page_url === undefined && !isForPeople(url)) return undefined;
  return `${url.replace(/\/+$/, '')}/`;
}

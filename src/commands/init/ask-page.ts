import { randomBytes } from 'node:crypto';
import { isLoopback } from '../../runtime/config/rules.js';
import { askSecret, confirm, type Interview } from './interview.js';
import type { Values } from './values.js';

/** What is given about the page. */
export type GivenPage = { readonly host: string | undefined; readonly password: string | undefined };

/** Asks who may open the page; makes its password and the secret that signs pictures where they are needed. */
export async function askPage(interview: Interview, { host, password }: GivenPage): Promise<Values> {
  const wide = host === undefined && !interview.yes && (await confirm(interview, openToAll, false));
  const chosen = host ?? (wide ? '0.0.0.0' : '127.0.0.1');
  const values = new Map<string, unknown>(isLoopback(chosen) && host === undefined ? [] : [['http.host', chosen]]);
  values.set(
    'http.password',
    password ?? (await askSecret(interview, ownPassword)) ?? randomBytes(9).toString('base64url'),
  );
  return isLoopback(chosen) ? values : values.set('http.signing_secret', randomBytes(32).toString('hex'));
}

const openToAll = 'May other devices in the network open the page?';
const ownPassword = 'Password of the page (Enter: one is made)';

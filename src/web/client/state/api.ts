import type {
  History,
  Masks,
  Occupants,
  Rehearsal,
  RehearsalRequest,
  VisitPage,
  VisitQuery,
  Zones,
} from '../../../domain/page/payloads.js';
import type { ConfigurationEntry, LogLevel, LogLine } from '../../../domain/page/insight.js';
import type { LiveSettings } from '../../../domain/contract/payloads.js';

/** Calls the server the page comes from. If it refuses, this throws an Error with the reason; if no answer comes in time, a DOMException. */
export async function call<Answer>(method: string, url: string, body?: unknown, timeoutMs = 60_000): Promise<Answer> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  // The session has ended: the same address now shows the login.
  if (response.status === 401) location.reload();
  if (response.status === 204) return undefined as Answer;
  const answer = (await response.json()) as Answer & { message?: string };
  if (!response.ok) throw new Error(answer.message ?? response.statusText);
  return answer;
}

/** The detector's API (`/api/openapi.json`). If a call is refused, it throws an Error with the reason. */
export const api = {
  history: () => call<History>('GET', 'api/history'),
  visits: (query: VisitQuery) => call<VisitPage>('GET', `api/visits?${parameters(query)}`),
  configuration: async () =>
    (await call<{ configuration: ConfigurationEntry[] }>('GET', 'api/configuration')).configuration,
  log: async (level: LogLevel) => (await call<{ lines: LogLine[] }>('GET', `api/log?level=${level}`)).lines,
  state: () => call<unknown>('GET', 'api/state', undefined, 7000),
  change: (settings: Partial<LiveSettings>) => call<LiveSettings>('PATCH', 'api/settings', settings),
  setMasks: (masks: Masks) => call<unknown>('PUT', 'api/masks', { masks }),
  setZones: (zones: Zones) => call<unknown>('PUT', 'api/zones', { zones }),
  setOccupants: (occupants: Occupants) => call<unknown>('PUT', 'api/occupied-by', { occupied_by: occupants }),
  rehearse: (request: RehearsalRequest) => call<Rehearsal>('POST', 'api/rehearsal', request),
  takeSnapshot: () => call<unknown>('POST', 'api/snapshot'),
  logOut: () => call<undefined>('DELETE', 'api/session'),
};

/** The parameters of an address. */
export function parameters(query: object): string {
  return new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
}

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from '../support/until.js';

type Json = Readonly<Record<string, unknown>>;
export type State = { readonly entity_id: string; readonly state: string; readonly attributes: Json };
export type RegisteredEntity = {
  readonly entity_id: string;
  readonly unique_id: string;
  readonly platform: string;
  readonly device_id: string | null;
  readonly entity_category: string | null;
  readonly disabled_by: string | null;
};
export type RegisteredDevice = {
  readonly id: string;
  readonly identifiers: readonly (readonly string[])[];
  readonly name: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly sw_version: string;
  readonly configuration_url: string | null;
  readonly area_id: string | null;
};

/** The first user of a Home Assistant: what its own page does, over its REST and WebSocket interfaces. */
export type Client = Awaited<ReturnType<typeof onboard>>;

/** Goes through Home Assistant's onboarding as its page would and stays signed in, over restarts too. */
export async function onboard(origin: string) {
  const clientId = `${origin}/`;
  const json = async (path: string, body: Json, token?: string): Promise<Json> => {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : bearer(token)) };
    const answer = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Json;
  };
  const tokens = async (grant: Readonly<Record<string, string>>): Promise<Json> => {
    const body = new URLSearchParams({ client_id: clientId, ...grant });
    const answer = await fetch(`${origin}/auth/token`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`token: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Json;
  };

  const user = { client_id: clientId, name: 'Ada', username: 'ada', password: 'lovelace', language: 'en' };
  const { auth_code } = await json('/api/onboarding/users', user);
  const granted = await tokens({ grant_type: 'authorization_code', code: String(auth_code) });
  const token = String(granted['access_token']);
  await json('/api/onboarding/core_config', {}, token);
  await json('/api/onboarding/analytics', {}, token);
  await json('/api/onboarding/integration', { client_id: clientId, redirect_uri: `${origin}/?auth_callback=1` }, token);

  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(origin + path, { headers: bearer(token) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  };
  const ask = async <T>(question: Json): Promise<T> => {
    const socket = await signedIn(origin, token);
    socket.send(JSON.stringify({ id: 1, ...question }));
    const answer = await next(socket);
    socket.close();
    if (answer['success'] !== true) throw new Error(`${String(question['type'])}: ${JSON.stringify(answer)}`);
    return answer['result'] as T;
  };

  return {
    /** What the page keeps in its local storage once signed in. */
    hassTokens: { ...granted, hassUrl: origin, clientId, expires: Date.now() + 1_800_000 },
    entities: () => ask<RegisteredEntity[]>({ type: 'config/entity_registry/list' }),
    devices: () => ask<RegisteredDevice[]>({ type: 'config/device_registry/list' }),
    ask,
    /** Joins a broker through the MQTT integration's own configuration flow. */
    async joinBroker(port: number): Promise<void> {
      const flow = await json('/api/config/config_entries/flow', { handler: 'mqtt' }, token);
      const path = `/api/config/config_entries/flow/${String(flow['flow_id'])}`;
      const done = await json(path, { broker: '127.0.0.1', port }, token);
      if (done['type'] !== 'create_entry') throw new Error(`MQTT flow: ${JSON.stringify(done)}`);
    },
    async states(): Promise<readonly State[]> {
      return (await (await get('/api/states')).json()) as State[];
    },
    async image(entityId: string): Promise<Buffer> {
      return Buffer.from(await (await get(`/api/image_proxy/${entityId}`)).arrayBuffer());
    },
    async call(service: string, data: Json): Promise<void> {
      const [domain, name] = service.split('.');
      const headers = { 'content-type': 'application/json', ...bearer(token) };
      const url = `${origin}/api/services/${domain ?? ''}/${name ?? ''}`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(data) });
      if (!answer.ok) throw new Error(`${service}: ${answer.status} ${await answer.text()}`);
    },
    /** Waits until an entity's state fulfils the condition, and gives that state. */
    async awaitState(entityId: string, what: string, holds: (state: State) => boolean, seconds = 60): Promise<State> {
      let last: State | undefined;
      const described = () => `${entityId} is ${what} (last: ${JSON.stringify(last)})`;
      try {
        return await until(entityId, seconds, async () => {
          const answer = await fetch(`${origin}/api/states/${entityId}`, { headers: bearer(token) }).catch(
            () => undefined,
          );
          if (answer?.ok !== true) return undefined;
          last = (await answer.json()) as State;
          return holds(last) ? last : undefined;
        });
      } catch (cause) {
        throw new Error(described(), { cause });
      }
    },
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function signedIn(origin: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/websocket`, { maxPayload: 2 ** 26 });
  await next(socket);
  socket.send(JSON.stringify({ type: 'auth', access_token: token }));
  const answer = await next(socket);
  if (answer['type'] !== 'auth_ok') throw new Error(`sign-in: ${JSON.stringify(answer)}`);
  return socket;
}

async function next(socket: WebSocket): Promise<Json> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString()) as Json;
}

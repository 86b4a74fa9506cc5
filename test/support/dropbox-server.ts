import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccount, type Tagged } from './dropbox-account.js';
import { isRoute, scopeOf } from './dropbox-args.js';
import { createFaults, type Fault, faultPlan } from './dropbox-faults.js';
import { createOAuth } from './dropbox-oauth.js';
import { createRoutes, type Outcome, teamSpaceId } from './dropbox-routes.js';

type Options = {
  readonly port?: number;
  /** where to listen; 127.0.0.1 by default */
  readonly host?: string | undefined;
  /** folder for the files, which may hold some already; in memory by default */
  readonly dir?: string | undefined;
  readonly quotaBytes?: number;
  readonly lockMilliseconds?: number;
  readonly maxBodyBytes?: number;
  /** whether the account belongs to a team, which has a space of its own */
  readonly inTeam?: boolean;
  readonly oauth?: Parameters<typeof createOAuth>[0];
};
type Answer = { status: number; type: string; body: string; headers?: Record<string, string> };

const html = '<html><body><h1>Sorry, we have trouble.</h1></body></html>';

/**
 * A local server with Dropbox's API v2 and OAuth on one origin (set `dropbox.api_url` to its `url`). It fails on command:
 * through `faults` in the same process, or `POST /control/faults` from outside. `GET /control/state` shows the stored files
 * and the requests so far.
 */
export async function openDropboxServer(options: Options = {}) {
  const account = createAccount(options);
  const oauth = createOAuth(options.oauth);
  const faults = createFaults();
  const runOwn = createRoutes(account, options);
  const team = createAccount();
  const runTeam = createRoutes(team, options);
  const requests: { route: string; status: number }[] = [];
  const count = (route: string) => requests.filter((request) => request.route.endsWith(route)).length;

  const state = () => ({
    files: account.list().map(({ path_display, size, content_hash, client_modified }) => ({
      path: path_display,
      size,
      content_hash,
      client_modified,
    })),
    writes: account.counts,
    refreshes: oauth.state.refreshes,
    faults: faults.given,
    requests: Object.fromEntries(
      [...new Set(requests.map(({ route }) => route))].map((route) => [route, count(route)]),
    ),
  });

  function control(path: string, body: Buffer): Answer {
    const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    if (path === '/control/faults') faults.plan(faultPlan.parse(value));
    else if (path === '/control/expire') oauth.expireAll();
    else if (path === '/control/forget') oauth.forgetAll();
    else if (path === '/control/quota') account.setQuota(Number(body.toString()));
    else if (path !== '/control/state') return { status: 404, type: 'text/plain', body: 'no such control' };
    return json(200, state());
  }

  async function call(request: IncomingMessage, path: string, body: Buffer, fault: Fault | undefined): Promise<Answer> {
    const early = fault === undefined ? undefined : instead(fault);
    if (early !== undefined) return early;
    if (path === '/oauth2/token' || path === '/oauth2/authorize') {
      const query = new URL(request.url ?? '/', 'http://local').searchParams;
      if (path === '/oauth2/authorize') {
        const code = oauth.authorize(query);
        if (code === undefined) return { status: 400, type: 'text/html', body: '<h1>Invalid request</h1>' };
        return { status: 200, type: 'text/html', body: `<input readonly value="${code}">` };
      }
      const form = body.length > 0 ? new URLSearchParams(body.toString()) : query;
      const { status, body: answer } = oauth.token(form);
      return json(status, answer);
    }
    const route = path.replace(/^\/2\//, '');
    if (!isRoute(route)) return { status: 404, type: 'text/html', body: html };
    if (request.method !== 'POST') return badRequest(route, 'must be POST');
    if (fault?.kind === 'expired') oauth.expireAll();
    const refusal = oauth.refusal(request.headers.authorization, scopeOf(route));
    if (typeof refusal === 'string') return badRequest(route, refusal);
    if (refusal !== undefined) return json(401, problem({ '.tag': '', ...refusal }));

    const upload = /^files\/upload(_session\/(start|append_v2|finish))?$/.test(route);
    const type = request.headers['content-type'];
    const arg = request.headers['dropbox-api-arg'];
    if (upload && type !== 'application/octet-stream') return badRequest(route, 'Bad HTTP "Content-Type" header');
    if (upload && (typeof arg !== 'string' || !/^[\x20-\x7e]*$/.test(arg)))
      return badRequest(route, 'bad Dropbox-API-Arg');
    if (!upload && body.length > 0 && type !== 'application/json')
      return badRequest(route, 'Bad HTTP "Content-Type" header');
    const root = request.headers['dropbox-api-path-root'];
    const rootId = typeof root === 'string' ? (JSON.parse(root) as { root?: unknown }).root : undefined;
    const known = root === undefined || (options.inTeam === true && rootId === teamSpaceId);
    if (!known) return json(422, problem({ '.tag': 'invalid_root' }));
    const outcome = await (root === undefined ? runOwn : runTeam)(
      route,
      upload ? String(arg) : body.toString(),
      upload ? body : Buffer.alloc(0),
      fault?.kind,
    );
    return answerOf(route, outcome);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    if (path.startsWith('/control/')) return send(response, control(path, body));
    const record = { route: path, status: 0 };
    requests.push(record);
    const fault = faults.next(path);
    if (fault?.kind === 'stall') return;
    if (fault?.kind === 'reset_before') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'corrupt' && body.length > 0) body.writeUInt8(body.readUInt8(0) ^ 1);
    const answer = await call(request, path, body, fault);
    record.status = answer.status;
    if (fault?.kind === 'reset_after') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, (fault.seconds ?? 0.2) * 1000));
    if (fault?.kind === 'huge') return sendForever(response);
    if (fault?.kind === 'drip') return drip(response);
    send(response, fault?.kind === 'garbage' ? { status: 200, type: 'text/html', body: html } : answer, fault);
  }

  const server = createServer((request, response) => {
    // A client may disconnect at any time.
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    /** the team's space */
    team,
    oauth,
    faults,
    requests,
    /** number of requests so far on routes that end with this */
    count,
    async close() {
      oauth.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type DropboxServer = Awaited<ReturnType<typeof openDropboxServer>>;

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, type: 'application/json', body: JSON.stringify(body), headers };
}

function badRequest(route: string, message: string): Answer {
  return {
    status: 400,
    type: 'text/plain; charset=utf-8',
    body: `Error in call to API function "${route}": ${message}`,
  };
}

/** The number of dots is random, as in Dropbox's own answers: the summary must not be parsed. */
function problem(error: Tagged): Record<string, unknown> {
  const tags: string[] = [];
  for (let at: unknown = error; typeof at === 'object' && at !== null && '.tag' in at;) {
    const tag = String(at['.tag']);
    tags.push(tag);
    at = (at as Tagged)[tag] ?? (at as Tagged)['reason'];
  }
  return { error_summary: `${tags.join('/')}/${'.'.repeat(Math.floor(Math.random() * 4))}`, error };
}

function answerOf(route: string, outcome: Outcome): Answer {
  if ('text' in outcome) return badRequest(route, outcome.text);
  return 'error' in outcome ? json(409, problem(outcome.error)) : json(200, outcome.result);
}

/** The answer of a fault that prevents the request from being handled. */
function instead({ kind, seconds = 0 }: Fault): Answer | undefined {
  const limit = (reason: string) => ({
    error_summary: `${reason}/..`,
    error: { reason: { '.tag': reason }, retry_after: seconds },
  });
  const wait = { 'Retry-After': String(seconds) };
  switch (kind) {
    case 'rate_limit':
      return json(429, limit('too_many_requests'), wait);
    case 'busy_429':
      return json(429, limit('too_many_write_operations'), wait);
    case 'rate_limit_text':
      return { status: 429, type: 'text/plain', body: 'too_many_requests', headers: wait };
    case 'rate_limit_empty':
      return { status: 429, type: 'text/plain', body: '' };
    case 'error_500':
      return { status: 500, type: 'text/html', body: html };
    case 'error_503':
      return { status: 503, type: 'text/html', body: html, headers: wait };
    case 'proxy_400':
    case 'proxy_403':
    case 'proxy_407':
    case 'proxy_413':
      return { status: Number(kind.slice(6)), type: 'text/html', body: html };
    case 'path_root':
      return json(422, problem({ '.tag': 'invalid_root', invalid_root: { '.tag': 'user' } }));
    case 'not_found':
      return { status: 404, type: 'text/html', body: html };
    case 'bad_request':
      return badRequest('files/upload', 'request body: unknown field');
    case 'invalid_token':
      return json(401, problem({ '.tag': 'invalid_access_token' }));
    default:
      return undefined;
  }
}

function send(response: ServerResponse, answer: Answer, fault?: Fault): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    'Content-Type': answer.type,
    'Content-Length': body.length,
    'X-Dropbox-Request-Id': 'local',
    ...answer.headers,
  });
  if (fault?.kind !== 'truncated') return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** A byte every 0.2 s, unless the client disconnects. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 4096 });
  const timer = setInterval(() => response.write(' '), 200);
  response.once('close', () => clearInterval(timer));
}

/** 1 GiB, unless the client disconnects. */
function sendForever(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const block = Buffer.alloc(65_536, ' ');
  let left = 16_384;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(block)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

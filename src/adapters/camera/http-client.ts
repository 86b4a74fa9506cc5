import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { createLogin } from './login.js';
import { hasLogin, statusError, unreachableError } from './trouble.js';

const mostRedirects = 5;
const leastBodySeconds = 30;

/** Asks one address of a camera for what it has, again and again over the same connection where the camera keeps it. */
export type HttpClient = {
  /**
   * Resolves to an answer with status 200 or 304, whose body is still to be read. Logs in and follows redirects. Rejects with
   * a reason that continues the camera's name.
   */
  get(headers?: Readonly<Record<string, string>>): Promise<IncomingMessage>;
  /** Ends what is under way, too. */
  close(this: void): void;
};

/** @param patienceSeconds how long an answer may take; its body may begin later, or pause, for at least half a minute */
export function createHttpClient(source: URL, patienceSeconds: number): HttpClient {
  // Cameras sign their certificates themselves.
  const agents = [
    new Agent({ keepAlive: true }),
    new TlsAgent({ keepAlive: true, rejectUnauthorized: false }),
  ] as const;
  const login = hasLogin(source)
    ? createLogin({ user: decodeURIComponent(source.username), password: decodeURIComponent(source.password) })
    : undefined;
  const open = new Set<{ destroy(): unknown }>();
  let closed = false;

  const send = (url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const request = (secure ? httpsRequest : httpRequest)({
        ...{ protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port },
        ...{ path: url.pathname + url.search, headers, agent: secure ? agents[1] : agents[0] },
        // Cheap cameras write headers that a strict parser refuses.
        insecureHTTPParser: true,
      });
      const silent = () => request.destroy(new Error(`silent for ${patienceSeconds} s`));
      const timer = setTimeout(silent, patienceSeconds * 1000);
      const track = (stream: { destroy(): unknown; once(event: 'close', listener: () => void): unknown }) => {
        open.add(stream);
        stream.once('close', () => open.delete(stream));
      };
      track(request);
      request.once('error', reject).once('close', () => clearTimeout(timer));
      request.once('response', (answer) => {
        clearTimeout(timer);
        track(answer);
        const pause = Math.max(patienceSeconds, leastBodySeconds);
        answer.setTimeout(pause * 1000, () => answer.destroy(new Error(`nothing came for ${pause} s`)));
        resolve(answer);
      });
      request.end();
    });

  const authorized = async (url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> => {
    // What is for the camera is not for another server that it points to.
    const own = login !== undefined && url.host === source.host ? login : undefined;
    for (let asked = false; ; asked = true) {
      const authorization = own?.header('GET', url.pathname + url.search);
      const answer = await send(url, { ...headers, ...(authorization !== undefined && { authorization }) });
      if (answer.statusCode !== 401 || asked || !own?.learn(answer.headers['www-authenticate'] ?? '')) return answer;
      answer.destroy();
    }
  };

  return {
    async get(headers = {}) {
      let url = source;
      for (let hops = 0; hops <= mostRedirects; hops++) {
        const answer = await authorized(url, { 'user-agent': 'Roomwatch', accept: '*/*', ...headers }).catch(
          (cause: unknown) => {
            throw closed ? new Error('stopped', { cause }) : connectionError(url, cause);
          },
        );
        const { statusCode: status = 0 } = answer;
        if (status === 200 || status === 304) return answer;
        answer.destroy();
        const { location } = answer.headers;
        if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url.href)) {
          throw statusError(status, login !== undefined);
        }
        url = new URL(location, url);
        if (!/^https?:$/.test(url.protocol)) break;
      }
      throw new Error('redirects to another address again and again: check the path of the address');
    },
    close() {
      closed = true;
      for (const stream of open) stream.destroy();
      for (const agent of agents) agent.destroy();
    },
  };
}

function connectionError(url: URL, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code?.startsWith('HPE_') === true) {
    return new Error('answers, but not in HTTP: check the port, and whether the address begins with the right scheme', {
      cause,
    });
  }
  return unreachableError(url, code ?? message, cause);
}

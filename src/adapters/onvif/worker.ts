import { networkInterfaces } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import onvif from 'onvif';
import type { FoundCamera, OnvifReport, OnvifTask, StreamQuestion } from './cameras.js';

const { Cam, Discovery } = onvif;
const discoverySeconds = 4;
const answerSeconds = 10;

// The package throws where nobody can catch it when a device answers something strange; the others are still to be heard.
process.on('uncaughtException', () => {});
const task = workerData as OnvifTask;
if ('find' in task) find();
else askForStream(task.stream);

function report(one: OnvifReport): void {
  parentPort?.postMessage(one);
}

function find(): void {
  // Strange answers are reported here; without a listener, they would end the thread.
  Discovery.on('error', () => {});
  Discovery.on('device', (answer: unknown, { address }: { readonly address: string }) => {
    const camera = cameraIn(answer, address);
    if (camera !== undefined) report({ camera });
  });
  for (const device of Object.keys(networkInterfaces())) {
    Discovery.probe({ device, resolve: false, timeout: discoverySeconds * 1000 }, () => {});
  }
}

type ProbeMatch = { readonly XAddrs?: unknown; readonly scopes?: unknown };

/** Of several addresses, the one that the answer came from can be reached. */
function cameraIn(answer: unknown, from: string): FoundCamera | undefined {
  const { probeMatches } = answer as { probeMatches?: { probeMatch?: ProbeMatch } };
  const { XAddrs, scopes } = probeMatches?.probeMatch ?? {};
  if (typeof XAddrs !== 'string') return undefined;
  const services = XAddrs.split(/\s+/).filter((url) => URL.canParse(url) && /^https?:/.test(url));
  const service = services.find((url) => new URL(url).hostname === from) ?? services[0];
  if (service === undefined) return undefined;
  const { hostname: host } = new URL(service);
  return { service, host, name: nameIn(scopes) ?? 'camera' };
}

/** `onvif://www.onvif.org/name/Front%20door`, without anything that a terminal could take for a command. */
function nameIn(scopes: unknown): string | undefined {
  const [, name] = /\/name\/(\S+)/.exec(typeof scopes === 'string' ? scopes : '') ?? [];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name).replaceAll(/\p{C}/gu, '').slice(0, 60);
  } catch {
    return undefined;
  }
}

function askForStream({ service, username, password }: StreamQuestion): void {
  const { hostname, port, pathname, protocol } = new URL(service);
  const useSecure = protocol === 'https:';
  const camera = new Cam(
    {
      hostname,
      path: pathname,
      useSecure,
      port: port === '' ? (useSecure ? 443 : 80) : Number(port),
      ...(username === undefined ? {} : { username, password: password ?? '' }),
      timeout: answerSeconds * 1000,
      preserveAddress: true,
    },
    (error) => {
      if (error) return report({ trouble: error.message });
      camera.getStreamUri({ protocol: 'RTSP' }, (refused, stream) => {
        const { uri } = (stream ?? {}) as { uri?: unknown };
        if (typeof uri === 'string' && /^rtsps?:/.test(uri)) report({ address: uri });
        else report({ trouble: refused?.message ?? 'it names no RTSP address' });
      });
    },
  );
}

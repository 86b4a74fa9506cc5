import { Worker } from 'node:worker_threads';
import { packageFile } from '../../package-file.js';

/** A camera that answered. */
export type FoundCamera = {
  readonly name: string;
  readonly host: string;
  /** the URL of its ONVIF service */
  readonly service: string;
};

/** Whom to ask for the address of its picture. */
export type StreamQuestion = {
  readonly service: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
};

/** What the worker is to do. */
export type OnvifTask = { readonly find: true } | { readonly stream: StreamQuestion };

/** What the worker reports. */
export type OnvifReport =
  { readonly camera: FoundCamera } | { readonly address: string } | { readonly trouble: string };

/** Asks the network for ONVIF cameras (WS-Discovery) for some seconds. Without a network, there are none. */
export async function findCameras(signal: AbortSignal): Promise<FoundCamera[]> {
  const found = new Map<string, FoundCamera>();
  await runWorker({ find: true }, signal, (report) => {
    if ('camera' in report) found.set(report.camera.service, report.camera);
  });
  return [...found.values()].sort((a, b) => a.host.localeCompare(b.host, 'en', { numeric: true }));
}

/** Asks a camera for the address of its picture, which is without user name and password. Throws why it cannot be had. */
export async function streamAddress(question: StreamQuestion, signal: AbortSignal): Promise<string> {
  const answers: string[] = [];
  let trouble = 'its answer is not understood';
  await runWorker({ stream: question }, signal, (report) => {
    if ('address' in report) answers.push(report.address);
    else if ('trouble' in report) trouble = report.trouble;
  });
  const [address] = answers;
  if (address === undefined) throw new Error(trouble);
  return address;
}

/** In a thread of its own, since what the package throws would end the process. */
async function runWorker(task: OnvifTask, signal: AbortSignal, hear: (report: OnvifReport) => void): Promise<void> {
  const worker = new Worker(packageFile('dist/adapters/onvif/worker.js'), { workerData: task });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop);
  worker.on('message', hear);
  await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
}

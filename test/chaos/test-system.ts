import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDropboxServer } from '../support/dropbox-server.js';
import { freePort } from '../support/free-port.js';
import { startSupervised } from './supervised-process.js';
import { openSmallDisk } from './small-disk.js';
import { openTcpProxy } from './tcp-proxy.js';

/** The system under test: real processes, a real broker, a Dropbox server with faults, and proxies between them. */
export type TestSystem = Awaited<ReturnType<typeof openTestSystem>>;

/** The name of the room after so many changes of it; now and then it has one of its former names. */
const roomOf = (generation: number) => (generation === 1 ? 'kitchen' : `kitchen-${generation % 4}`);
const secretOf = (generation: number) => `chaos: secret ${generation} of more than thirty-two characters`;

/** @param root the checkout with the compiled program; @param dir an empty directory for all files of the run */
export async function openTestSystem(root: string, dir: string) {
  const brokerPort = await freePort();
  let httpPort = await freePort();
  const mqttProxy = await openTcpProxy(brokerPort, 'mqtt');
  let httpProxy = await openTcpProxy(httpPort, 'http');
  let secretGeneration = 1;
  let roomGeneration = 1;
  const dropbox = await openDropboxServer();
  const detectorDisk = openSmallDisk(join(dir, 'detector'), 64);
  const uploaderDisk = openSmallDisk(join(dir, 'uploaders'), 16);
  const clock = join(dir, 'clock');
  writeFileSync(clock, '0');

  const brokerDir = join(dir, 'broker');
  mkdirSync(brokerDir);
  const brokerConf = join(dir, 'mosquitto.conf');
  const brokerAccess = join(dir, 'access');
  /** @param denied topics that nobody but the observer may use */
  const writeAccess = (denied: readonly string[]) => {
    const lines = ['topic readwrite #', ...denied.map((topic) => `topic deny ${topic}`)];
    writeFileSync(brokerAccess, [...lines, '', 'user observer', 'topic readwrite #', ''].join('\n'));
  };
  writeAccess([]);
  writeFileSync(
    brokerConf,
    [
      `listener ${brokerPort} 127.0.0.1`,
      'allow_anonymous true',
      `acl_file ${brokerAccess}`,
      'persistence true',
      `persistence_location ${brokerDir}/`,
      'autosave_interval 1',
      'max_queued_messages 0',
      'user root',
    ].join('\n') + '\n',
  );
  let losingSessions = false;
  const beforeStart = () => {
    if (losingSessions) rmSync(join(brokerDir, 'mosquitto.db'), { force: true });
    losingSessions = false;
  };
  const broker = startSupervised(['mosquitto', '-c', brokerConf], process.env, join(dir, 'broker.log'), {
    beforeStart,
  });

  const shared = {
    mqtt: { url: `mqtt://127.0.0.1:${mqttProxy.port}` },
    uploader: { group: 'all' },
    archive: { kind: 'dropbox' },
    dropbox: { app_key: 'app-key', refresh_token: 'refresh-token', api_url: dropbox.url },
    camera: { source: join(root, 'assets/sample.mp4'), loop: true, warmup_seconds: 0.5, fps: 8 },
    motion: { detector: 'tutorial', min_motion_frames: 2 },
    snapshots: { min_upload_seconds: 0.5 },
    occupancy: { vacancy_seconds: 1 },
    log: { level: 'debug' },
  };
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROOMWATCH_'))),
    CHAOS_CLOCK: clock,
  };
  const configs = new Map<string, object>();
  /** Writes the configurations as they are now; a process reads its own when it starts. */
  const writeConfigs = () => {
    const public_url = `http://127.0.0.1:${httpProxy.port}`;
    const http = { port: httpPort, public_url, signing_secret: secretOf(secretGeneration) };
    const room = roomOf(roomGeneration);
    for (const [conf, config] of configs) writeFileSync(conf, JSON.stringify({ ...config, room, http }));
  };
  const start = (name: string, command: string, config: object, said?: (text: string) => void) => {
    const conf = join(dir, `${name}.json`);
    configs.set(conf, config);
    writeConfigs();
    const program = ['--import', join(root, 'test/chaos/clock.mjs'), join(root, 'dist/cli.js'), command];
    return startSupervised([process.execPath, ...program, '--conf', conf], env, join(dir, `${name}.log`), { said });
  };
  let mended: () => void = () => undefined;
  const detector = start('detector', 'detect', { ...shared, data_dir: detectorDisk.path }, (text) => {
    if (text.includes('camera opened')) mended();
  });
  const uploaders = ['one', 'two'].map((name) =>
    start(`uploader-${name}`, 'upload', {
      ...shared,
      data_dir: uploaderDisk.path,
      uploader: { name, group: 'all' },
    }),
  );
  const processes = [detector, ...uploaders, broker];

  return {
    ...{
      brokerPort,
      mqttProxy,
      dropbox,
      detectorDisk,
      uploaderDisk,
      broker,
      detector,
      uploaders,
    },
    get httpPort() {
      return httpPort;
    },
    get httpProxy() {
      return httpProxy;
    },
    /** Gives the detector another port and another public URL, and restarts it; nothing is left at the old address. */
    async moveDetector(downSeconds: number) {
      httpPort = await freePort();
      const old = httpProxy;
      httpProxy = await openTcpProxy(httpPort, 'http');
      writeConfigs();
      detector.kill('SIGTERM', downSeconds);
      await old.close();
    },
    /** Gives all processes another secret; the caller restarts them. */
    changeSecret() {
      secretGeneration += 1;
      writeConfigs();
    },
    /** Gives the room another name, and restarts the detector. */
    renameRoom(downSeconds: number) {
      roomGeneration += 1;
      writeConfigs();
      detector.kill('SIGTERM', downSeconds);
    },
    /** `listener` is called when the detector has mended its files: it opens the camera after that. */
    onMended: (listener: () => void) => void (mended = listener),
    /** the name that the room has now */
    get room() {
      return roomOf(roomGeneration);
    },
    /** the folders of the detector; more than one while a takeover is not finished */
    roomFolders: () => roomFolders(join(detectorDisk.path, 'rooms')),
    uploaderFolder: (index: number) => join(uploaderDisk.path, 'uploaders', index === 0 ? 'one' : 'two'),
    /** Lets the broker refuse messages on these topics, and forward none of them. */
    denyTopics(topics: readonly string[]) {
      writeAccess(topics);
      broker.signal('SIGHUP');
    },
    loseSessionsNext: () => void (losingSessions = true),
    setClock: (offsetSeconds: number) => writeFileSync(clock, String(offsetSeconds)),
    crashes: () => processes.reduce((sum, { crashes }) => sum + crashes, 0),
    async close() {
      for (const one of processes) await one.stop('SIGKILL');
      await Promise.all([mqttProxy.close(), httpProxy.close(), dropbox.close()]);
      detectorDisk.close();
      uploaderDisk.close();
    },
  };
}

function roomFolders(rooms: string): string[] {
  return readdirSync(rooms).map((room) => join(rooms, room));
}

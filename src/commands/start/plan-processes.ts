import type { Config } from '../../runtime/config/config.js';

/** The configuration of a home: what all rooms share, and each room's own. */
export type Home = { readonly config: Config; readonly rooms: readonly Config[] };

/** A process that `roomwatch start` runs. */
export type ProcessPlan = {
  /** identifies the process among the others, also after a room was added or removed */
  readonly key: string;
  /** what the log calls it */
  readonly name: string;
  readonly kind: 'broker' | 'recogniser' | 'uploader' | 'detector' | 'page';
  readonly args: readonly string[];
  /** values of the configuration that differ from the file, by path */
  readonly values: Readonly<Record<string, string>>;
  /** whether it looks through the shared model; not among its needs, so that it goes on with its own when another room comes */
  readonly usesSocket?: boolean;
  /** what the process depends on, as one text; when it has changed, the process must be started anew */
  readonly needs: string;
};

// What the process of this kind does not read.
const foreignTo = {
  detector: ['archive', 'broker', 'dropbox', 'rooms', 'uploader'],
  uploader: [
    'broker',
    'camera',
    'display',
    'motion',
    'occupancy',
    'recognition',
    'room',
    'rooms',
    'snapshots',
    'zones',
  ],
};

/** Whether there is a page of all rooms: in a home with a list of rooms whose page has a password. */
export function hasHomePage({ config, rooms }: Home): boolean {
  // Without a list, the only room has the whole configuration.
  return !rooms.includes(config) && config.http.password !== undefined;
}

/** Whether several rooms look for people: then one process has the model for all of them, since it takes 60 MB. */
export function sharesModel({ rooms }: Home): boolean {
  return rooms.filter(({ recognition, motion }) => recognition.enabled && motion.detector !== 'tutorial').length > 1;
}

/**
 * Lists only the detectors, and the process with the model if it is shared: the broker, the uploader and the page run elsewhere.
 * @param socket as for `planProcesses`
 */
export function planDetectors({ config, rooms }: Home, socket: string | undefined): ProcessPlan[] {
  const brokerElsewhere = { ...config, broker: { ...config.broker, embedded: false } };
  const plans = planProcesses({ config: brokerElsewhere, rooms }, socket);
  return plans.filter(({ kind }) => kind === 'detector' || kind === 'recogniser');
}

/**
 * Lists the processes of a home in the order in which they are started: the broker if it is embedded, the process with the model
 * if it is shared, the uploader, the page of all rooms if the file lists rooms and the page has a password, and a detector for
 * each room.
 * @param socket where the process with the model listens; undefined if the model is not shared
 */
export function planProcesses({ config, rooms }: Home, socket: string | undefined): ProcessPlan[] {
  const { broker, mqtt } = config;
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const values: Record<string, string> = broker.embedded ? { 'mqtt.url': url, 'mqtt.protocol': '3.1.1' } : {};
  const needsOf = (kind: keyof typeof foreignTo, own: Config) => {
    const read = Object.entries(own).filter(([section]) => !foreignTo[kind].includes(section));
    const { signing_secret } = own.http;
    return JSON.stringify([
      kind === 'uploader' ? { ...Object.fromEntries(read), http: { signing_secret } } : read,
      values,
    ]);
  };
  const embedded: ProcessPlan[] = broker.embedded
    ? [
        {
          key: 'broker',
          name: 'broker',
          kind: 'broker',
          args: ['broker'],
          values: {},
          needs: JSON.stringify([broker, mqtt.username, mqtt.password, config.log]),
        },
      ]
    : [];
  const model: ProcessPlan[] =
    socket === undefined
      ? []
      : [
          {
            key: 'recogniser',
            name: 'recogniser',
            kind: 'recogniser',
            args: ['recogniser', socket],
            values: {},
            needs: '',
          },
        ];
  const page: ProcessPlan[] = hasHomePage({ config, rooms })
    ? [
        {
          key: 'page',
          name: 'page',
          kind: 'page',
          args: ['page'],
          values,
          needs: JSON.stringify([config.http, config.mqtt, config.data_dir, config.log, values]),
        },
      ]
    : [];
  const needs = needsOf('uploader', config);
  return [
    ...embedded,
    ...model,
    { key: 'upload', name: 'upload', kind: 'uploader', args: ['upload'], values, needs },
    ...page,
    ...rooms.map((own): ProcessPlan => {
      const key = `detect ${own.room}`;
      const name = rooms.length === 1 ? 'detect' : key;
      const args = ['detect', '--room', own.room];
      const usesSocket = socket !== undefined;
      return { key, name, kind: 'detector', args, values, usesSocket, needs: needsOf('detector', own) };
    }),
  ];
}

import { wrongBroker } from './ask-broker.js';
import { isPackaged } from '../as-services.js';
import { wrongValue } from './values.js';

/** The answers that the command line gives. */
export type InitFlags = {
  readonly camera?: readonly string[];
  readonly room?: readonly string[];
  readonly broker?: string;
  readonly mqttUsername?: string;
  readonly mqttPassword?: string;
  readonly archive?: string;
  readonly dropboxAppKey?: string;
  readonly httpHost?: string;
  readonly httpPassword?: string;
  /** the file for Compose */
  readonly env?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
};

/** Lists the flags without which somebody must answer: with `--yes`, those that have no default. */
export function missingFlags({ camera, room, broker, archive, dropboxAppKey, yes = false }: InitFlags): string[] {
  return [
    ...(camera === undefined ? ['--camera'] : []),
    ...(room === undefined && !yes ? ['--room'] : []),
    ...(broker === undefined && !yes ? ['--broker'] : []),
    ...(archive === undefined && !yes ? ['--archive'] : []),
    ...(archive === 'dropbox' && dropboxAppKey === undefined ? ['--dropbox-app-key'] : []),
  ];
}

/** Lists what is wrong with the flags for this configuration file. */
export function flagProblems(file: string, flags: InitFlags): string[] {
  const { camera = [], room = [], broker } = flags;
  const of = (flag: string, problem: string | undefined) => (problem === undefined ? [] : [`${flag}: ${problem}`]);
  const several = Math.max(camera.length, room.length) > 1;
  return [
    ...camera.flatMap((source) => of('--camera', wrongValue('camera.source', source))),
    ...room.flatMap((name) => of('--room', wrongValue('room', name))),
    ...of('--room', new Set(room).size < room.length ? 'two rooms have one name: each needs its own' : undefined),
    ...of(
      '--camera',
      new Set(camera).size < camera.length ? 'two rooms have one camera: each needs its own' : undefined,
    ),
    ...(several && camera.length !== room.length ? ['--camera and --room: give one of each for every room'] : []),
    ...of('--broker', broker === undefined ? undefined : wrongBroker(broker, !isPackaged(file))),
    ...of('--mqtt-username', wrongValue('mqtt.username', flags.mqttUsername)),
    ...of('--mqtt-password', wrongValue('mqtt.password', flags.mqttPassword)),
    ...of('--archive', flags.archive === '' ? 'must be dropbox, folder, or the path of a folder' : undefined),
    ...of('--http-host', wrongValue('http.host', flags.httpHost ?? '127.0.0.1')),
    ...of('--http-password', wrongValue('http.password', flags.httpPassword)),
  ];
}

import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { createFileOnce, replaceFile } from '../adapters/files/atomic-file.js';
import { loadConfig, readPlaces } from '../runtime/config/config.js';
import { packageFile } from '../package-file.js';
import { writeConfig } from '../runtime/config/written-config.js';
import { openDialog, type Terminal } from './dialog.js';
import { askArchive, lacksLogin } from './init/ask-archive.js';
import { askBroker } from './init/ask-broker.js';
import { askEnvFile } from './init/ask-env-file.js';
import { askPage } from './init/ask-page.js';
import { askRooms, type RoomAnswer } from './init/ask-rooms.js';
import { composeEnv } from './init/compose-env.js';
import { closingWords } from './init/closing-words.js';
import { flagProblems, missingFlags, type InitFlags } from './init/flags.js';
import { Unanswered, type Interview } from './init/interview.js';
import { folderOf, type Places, type Values } from './init/values.js';
import { asServiceUser, isPackaged, packagedPlaces, serviceAccount } from './as-services.js';

const jsonSchema = packageFile('config/roomwatch.schema.json');

/**
 * `roomwatch init`: asks for what the flags do not give, tries every answer, and writes the configuration, for its owner only.
 * Resolves with 0, 1 if an answer does not work and nobody keeps it, or 2 for wrong usage; nothing is written then.
 */
export async function runInit(
  file: string,
  flags: InitFlags,
  signal: AbortSignal,
  terminal: Terminal & { readonly stderr: NodeJS.WritableStream } = process,
): Promise<number> {
  const refuse = (status: number, ...problems: readonly string[]) => {
    for (const problem of problems) terminal.stderr.write(`error: ${problem}\n`);
    if (status === 2) terminal.stderr.write('(roomwatch init --help shows how)\n');
    return status;
  };
  const wrong = [...flagProblems(file, flags), ...[file, flags.env].flatMap((path) => unfitPlace(path, flags.force))];
  if (wrong.length > 0) return refuse(2, ...wrong);
  const places = placesIn(file);
  if ('problems' in places) return refuse(2, ...places.problems);
  const dialog = openDialog(terminal, signal);
  try {
    const missing = missingFlags(flags);
    if (missing.length > 0 && (flags.yes === true || (await dialog.isOver()))) {
      return refuse(2, `nobody answers here, so these are needed: ${missing.join(', ')}`);
    }
    const interview: Interview = { dialog, yes: flags.yes === true, signal };
    return await interviewAndWrite({ file, places }, flags, interview);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return refuse(error.status, `${error.message}; nothing was written`);
  } finally {
    dialog.close();
  }
}

type Target = { readonly file: string; readonly places: Places };

async function interviewAndWrite({ file, places }: Target, flags: InitFlags, interview: Interview): Promise<number> {
  const folder = folderOf(file);
  const { dialog } = interview;
  // What root can open or write, the services may not.
  const { rooms, broker, archive } = await asServiceUser({ file, dataDir: places.get('data_dir') }, async () => {
    const rooms = await askRooms(interview, { cameras: flags.camera ?? [], rooms: flags.room ?? [] }, folder);
    const login = { username: flags.mqttUsername, password: flags.mqttPassword };
    const broker = await askBroker(interview, { broker: flags.broker, ...login, embeds: !isPackaged(file) }, folder);
    const given = { archive: flags.archive, appKey: flags.dropboxAppKey };
    return {
      rooms,
      broker,
      archive: await askArchive(interview, given, { folder, asServices: isPackaged(file) }, places),
    };
  });
  const page = await askPage(interview, { host: flags.httpHost, password: flags.httpPassword });
  const shared: Values = new Map([...places, ...broker, ...archive, ...page]);
  const envFile = flags.env ?? (await askEnvFile(interview, folder));

  const text = writeConfig(new Map([...roomValues(rooms, isPackaged(file)), ...shared]), {
    schema: existsSync(jsonSchema) ? jsonSchema : undefined,
    head: ['The configuration of Roomwatch, made by roomwatch init. docs/configuration.md lists every key.'],
  });
  await write(file, text, flags.force);
  const loaded = loadConfig({ file, env: process.env, secrets: 'later' });
  if (envFile !== undefined) await write(envFile, composeEnv(rooms, shared, file), flags.force);
  const problems = 'problems' in loaded ? loaded.problems : [];
  const names = rooms.map(({ room }) => room);
  dialog.say(closingWords({ file, rooms: names, envFile, lacksLogin: lacksLogin(shared, folder), problems }));
  return 0;
}

/** Where data and pictures are and stay: with others, a new data directory would be begun, with another secret. */
function placesIn(file: string): Places | { readonly problems: readonly string[] } {
  if (!existsSync(file)) return isPackaged(file) ? packagedPlaces : new Map();
  const places = readPlaces(file);
  if (!('problems' in places)) return places;
  const advice =
    `${file} does not say where data_dir and archive.folder are, which --force keeps: correct it, or move it away: ` +
    `mv ${file} ${file}.old`;
  return { problems: [...places.problems, advice] };
}

/** Several rooms are a list, and so is one whose detector and page are services of their own; otherwise one is at the top. */
function roomValues(rooms: readonly RoomAnswer[], asServices: boolean): Values {
  const [only, ...others] = rooms;
  if (only === undefined || others.length > 0 || asServices) {
    return new Map([['rooms', rooms.map(({ room, source }) => ({ room, camera: cameraOf(source) }))]]);
  }
  const camera = Object.entries(cameraOf(only.source)).map(([key, value]) => [`camera.${key}`, value] as const);
  return new Map<string, unknown>([['room', only.room], ...camera]);
}

/** The bundled clip is over in a minute. */
function cameraOf(source: string): Record<string, unknown> {
  return source === 'sample' ? { source, loop: true } : { source };
}

/** Says why a file cannot be made, if so: before the questions, not after them. */
function unfitPlace(path: string | undefined, force = false): string[] {
  if (path === undefined) return [];
  if (existsSync(path) && !force) return [`${path} is there already: name another file, or replace it with --force`];
  try {
    mkdirSync(folderOf(path), { recursive: true });
    accessSync(folderOf(path), constants.W_OK);
    return [];
  } catch (error) {
    return [`${path} cannot be written (${(error as Error).message}): name another file with --conf`];
  }
}

async function write(path: string, text: string, force = false): Promise<void> {
  // The services of the Debian package read their file as its group.
  if (force && existsSync(path)) return replaceFile(path, text, statSync(path).mode & 0o640);
  if (!(await createFileOnce(path, text)))
    throw new Error(`${path} has been made meanwhile; nothing was written to it`);
  const services = process.geteuid?.() === 0 ? serviceAccount(path) : undefined;
  if (services === undefined) return;
  chownSync(path, 0, services.gid);
  chmodSync(path, 0o640);
}

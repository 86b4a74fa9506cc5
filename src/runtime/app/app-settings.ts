import { flatten } from '../config/keys.js';
import { isSection, type Section } from '../config/section.js';
import { variableOf } from '../config/variables.js';

/** A broker that Home Assistant knows, with its credentials (supervisor/services/modules/mqtt.py). */
export type KnownBroker = {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
  readonly protocol: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
};

/** What the Home Assistant app knows when it starts. */
export type AppSources = {
  /** what was chosen on the app's page in Home Assistant: parts of the configuration, with short words for each room */
  readonly options: Section;
  /** the user's own file, for everything else; empty if there is none */
  readonly own: Section;
  /** undefined if none is needed, or none is known */
  readonly broker: KnownBroker | undefined;
  /** the app's name in Home Assistant's addresses */
  readonly slug: string | undefined;
  readonly dataDir: string;
  /** the address from which the Supervisor passes on who opens the page */
  readonly supervisorAddress: string;
  readonly port: number;
  readonly secret: string;
  /** of the page, for other ways than Home Assistant, if no password was chosen */
  readonly password: string;
  readonly timezone: string | undefined;
};

/** The words of a room's options, and the keys they mean. */
const roomWords: Readonly<Record<string, string>> = {
  camera: 'camera.source',
  snapshot_source: 'camera.snapshot_source',
  rotation: 'camera.rotation',
  occupied_by: 'recognition.occupied_by',
  vacancy_seconds: 'occupancy.vacancy_seconds',
};

/** Whether options or file name a broker, so that Home Assistant need not be asked. */
export function namesBroker({ options, own }: Pick<AppSources, 'options' | 'own'>): boolean {
  return [options, own].some(
    (section) => isSet(valueAt(section, 'mqtt.url')) || valueAt(section, 'broker.embedded') === true,
  );
}

/** Whether options or file name a room. */
export function namesRoom({ options, own }: Pick<AppSources, 'options' | 'own'>): boolean {
  return roomsIn(options).length + roomsIn(own).length > 0;
}

/**
 * The environment variables for `roomwatch start --conf <the user's file>`. What the app needs comes first, then the options,
 * then the file, then the app's defaults.
 */
export function appEnvironment(sources: AppSources): Record<string, string> {
  const { options, own, broker, slug } = sources;
  const page = slug === undefined ? {} : { 'http.page_url': `homeassistant://app/${slug}` };
  const needed = {
    data_dir: sources.dataDir,
    'http.host': '0.0.0.0',
    'http.port': sources.port,
    'http.ingress_from': sources.supervisorAddress,
    rooms: mergeRooms(roomsIn(options), roomsIn(own), page),
  };
  const defaults = {
    ...page,
    'http.password': sources.password,
    'http.signing_secret': sources.secret,
    'archive.folder': '/media/roomwatch',
    'archive.timezone': sources.timezone,
    'log.format': 'text',
    ...(broker === undefined ? {} : brokerValues(broker)),
  };
  const chosen = flatten(Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'rooms')));
  const values = {
    ...Object.fromEntries(Object.entries(defaults).filter(([path]) => !isSet(valueAt(own, path)))),
    ...Object.fromEntries([...chosen.values].map(([path, { value }]) => [path, value])),
    ...needed,
  };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => isSet(value))
      .map(([path, value]) => [variableOf(path), typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function brokerValues({ host, port, ssl, protocol, username, password }: KnownBroker) {
  return {
    'mqtt.url': `${ssl ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    'mqtt.protocol': protocol.startsWith('3') ? '3.1.1' : protocol,
    'mqtt.username': username,
    'mqtt.password': password,
  };
}

/** One list: the rooms of the options, each with what the file says about the same room, then the others of the file. */
function mergeRooms(chosen: readonly Section[], own: readonly Section[], page: Section): Section[] {
  const names = new Set(chosen.map(({ room }) => room));
  const rooms = [
    ...chosen.map((entry) => merge(own.find(({ room }) => room === entry['room']) ?? {}, inConfigWords(entry))),
    ...own.filter(({ room }) => !names.has(room)),
  ];
  // Only the page of all rooms is reached from outside the container.
  const http = { host: '127.0.0.1', ...(isSet(page['http.page_url']) ? { page_url: page['http.page_url'] } : {}) };
  return rooms.map((entry) => merge(entry, { http }));
}

function inConfigWords(entry: Section): Section {
  return Object.entries(entry).reduce<Section>((room, [word, value]) => {
    if (!isSet(value)) return room;
    const path = (isSection(value) ? undefined : roomWords[word]) ?? word;
    const [section = '', key] = path.split('.');
    // Home Assistant gives a choice from a list as text.
    const plain = word === 'rotation' && typeof value === 'string' ? Number(value) : value;
    return merge(room, key === undefined ? { [section]: plain } : { [section]: { [key]: plain } });
  }, {});
}

function merge(under: Section, over: Section): Section {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isSection(below) && isSection(value) ? merge(below, value) : value;
  }
  return merged;
}

function roomsIn({ rooms }: Section): readonly Section[] {
  return Array.isArray(rooms) ? rooms.filter(isSection) : [];
}

function valueAt(section: Section, path: string): unknown {
  const [first = '', second] = path.split('.');
  const value = section[first];
  if (second === undefined) return value;
  return isSection(value) ? value[second] : undefined;
}

/** Home Assistant keeps a field that was emptied as an empty text. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

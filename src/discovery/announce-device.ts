import { join } from 'node:path';
import { openAnnouncedFile } from '../adapters/files/announced-file.js';
import type { MqttClient } from '../adapters/mqtt/client.js';
import type { Discovery } from '../domain/home-assistant/document.js';
import { roomDiscovery } from '../domain/home-assistant/room.js';
import { uploaderDiscovery } from '../domain/home-assistant/uploader.js';
import type { Log } from '../domain/log.js';
import { createAnnouncer } from '../pipelines/home-assistant/announce.js';
import { answerBirthMessages } from '../pipelines/home-assistant/answer-births.js';
import type { Config } from '../runtime/config/config.js';
import { lockDirectory, LockedError } from '../runtime/process/lock.js';
import { pause } from '../async/pause.js';
import { version } from '../version.js';

/** Home Assistant handles a discovery message within this time. */
const handledSeconds = 2;

type Process = {
  readonly config: Pick<Config, 'room' | 'data_dir' | 'camera' | 'mqtt' | 'home_assistant' | 'uploader'>;
  readonly mqtt: MqttClient;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/**
 * Returns what announces the detector's room with these zones to Home Assistant, or removes an earlier announcement; call it
 * again when the zones have changed. A failure is logged and stops nothing else. A room with a new name is recognised by its
 * camera, so that the old name's device is removed.
 * @param publishHealth called when Home Assistant has started, since health is not retained
 */
export function createRoomAnnouncer(
  detector: Process,
  pageUrl: string | undefined,
  publishHealth: () => void,
): (zones: readonly string[]) => void {
  const { config, mqtt } = detector;
  const { room } = config;
  const folder = { all: join(config.data_dir, 'rooms'), own: room };
  const announce = openAnnouncer(detector, folder, cameraIdentity(config.camera), () => {
    mqtt.republishStates();
    publishHealth();
  });
  return (zones) => void announce(roomDiscovery({ ...contextOf(config), room, pageUrl, zones }));
}

/** Several cameras of one Raspberry Pi differ in the options only. */
function cameraIdentity({ source, rpicam_options }: Config['camera']): string {
  return source === 'rpicam' ? [source, ...rpicam_options].join(' ') : source;
}

/** Announces the uploader to Home Assistant, or removes an earlier announcement; a failure is logged and stops nothing else. */
export function announceUploader(uploader: Process): Promise<void> {
  const { config, mqtt } = uploader;
  const { name } = config.uploader;
  const device = uploaderDiscovery({ ...contextOf(config), name });
  const folder = { all: join(config.data_dir, 'uploaders'), own: name };
  return openAnnouncer(uploader, folder, `uploader ${name}`, mqtt.republishStates)(device);
}

function contextOf({ mqtt, home_assistant }: Process['config']) {
  return { base: mqtt.base_topic, prefix: home_assistant.prefix, version };
}

/** Answers Home Assistant's birth messages; returns what announces the process's device, one announcement after the other. */
function openAnnouncer(
  { config, mqtt, log, signal }: Process,
  folder: { readonly all: string; readonly own: string },
  identity: string,
  republishStates: () => void,
): (device: Discovery) => Promise<void> {
  const { discovery } = config.home_assistant;
  const announced = openAnnouncedFile(folder.all, folder.own, identity, isDeserted);
  const pauseBeforeAnswer = async () => {
    await pause(1 + 4 * Math.random(), signal);
    return !signal.aborted;
  };
  const { publishState, deliver, clear, subscribe } = mqtt;
  const handled = () => pause(handledSeconds, signal);
  const announcer = createAnnouncer({ publishState, deliver, clear, announced, pause: handled });
  let announcing = Promise.resolve();
  const next = (announce: () => Promise<void>) => {
    announcing = announcing.then(announce).catch((err: unknown) => {
      if (!signal.aborted) log.error({ err }, 'cannot announce to Home Assistant, or remove an earlier announcement');
    });
    return announcing;
  };
  const answer = () => {
    republishStates();
    void next(announcer.homeAssistantStarted);
  };
  if (discovery) answerBirthMessages({ subscribe, republishStates: answer, pauseBeforeAnswer });
  return (device) => next(() => announcer.announce(discovery ? device : undefined));
}

async function isDeserted(directory: string): Promise<boolean> {
  try {
    const lock = await lockDirectory(directory, 'process');
    await lock.release();
    return true;
  } catch (cause) {
    if (cause instanceof LockedError) return false;
    throw cause;
  }
}

import { join } from 'node:path';
import { openAnnouncedFile } from '../adapters/files/announced-file.js';
import type { MqttClient } from '../adapters/mqtt/client.js';
import type { Discovery } from '../domain/home-assistant/document.js';
import { roomDiscovery } from '../domain/home-assistant/room.js';
import { uploaderDiscovery } from '../domain/home-assistant/uploader.js';
import type { Log } from '../domain/log.js';
import { announceHomeAssistant } from '../pipelines/home-assistant/announce.js';
import type { Config } from '../runtime/config/config.js';
import { lockDirectory, LockedError } from '../runtime/process/lock.js';
import { pause } from '../async/pause.js';
import { version } from '../version.js';

type Process = {
  readonly config: Pick<Config, 'room' | 'data_dir' | 'camera' | 'mqtt' | 'home_assistant' | 'uploader'>;
  readonly mqtt: MqttClient;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/**
 * Announces the detector's room to Home Assistant, or removes an earlier announcement; a failure is logged and stops nothing
 * else. A room with a new name is recognised by its camera, so that the old name's device is removed.
 * @param publishHealth called when Home Assistant has started, since health is not retained
 */
export function announceRoom(detector: Process, pageUrl: string, publishHealth: () => void): Promise<void> {
  const { config, mqtt } = detector;
  const { room } = config;
  const device = roomDiscovery({ ...contextOf(config), room, pageUrl });
  const folder = { all: join(config.data_dir, 'rooms'), own: room };
  const republishAll = () => {
    mqtt.republishStates();
    publishHealth();
  };
  return announceDevice(detector, device, folder, cameraIdentity(config.camera), republishAll);
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
  return announceDevice(uploader, device, folder, `uploader ${name}`, mqtt.republishStates);
}

function contextOf({ mqtt, home_assistant }: Process['config']) {
  return { base: mqtt.base_topic, prefix: home_assistant.prefix, version };
}

async function announceDevice(
  { config, mqtt, log, signal }: Process,
  device: Discovery,
  folder: { readonly all: string; readonly own: string },
  identity: string,
  republishStates: () => void,
): Promise<void> {
  const { discovery, prefix } = config.home_assistant;
  const announced = openAnnouncedFile(folder.all, folder.own, identity, isDeserted);
  const pauseBeforeAnswer = async () => {
    await pause(1 + 4 * Math.random(), signal);
    return !signal.aborted;
  };
  const { publishState, clear, subscribe } = mqtt;
  const needs = { publishState, clear, subscribe, republishStates, announced, pauseBeforeAnswer };
  try {
    await announceHomeAssistant(needs, prefix, discovery ? device : undefined);
  } catch (err) {
    if (!signal.aborted) log.error({ err }, 'cannot announce to Home Assistant, or remove an earlier announcement');
  }
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

import { join } from 'node:path';
import { openSettingsFile } from '../adapters/files/settings-file.js';
import type { MqttClient } from '../adapters/mqtt/client.js';
import { zoneMessage } from '../domain/contract/messages.js';
import type { ZoneStatus } from '../domain/contract/payloads.js';
import { zoneTopic, type RoomTopics } from '../domain/contract/topics.js';
import type { Zones } from '../domain/page/payloads.js';
import { initialRoom } from '../domain/room/step.js';
import { openZoneTopics } from '../pipelines/detector/zone-topics.js';
import type { Log } from '../runtime/log.js';
import type { DetectorRules } from './live-rules.js';
import type { Publisher } from './publisher.js';

type Needs = {
  readonly folder: string;
  readonly beganAt: number;
  readonly rules: DetectorRules;
  readonly topics: RoomTopics;
  readonly mqtt: Pick<MqttClient, 'removeState'>;
  readonly publisher: Publisher;
  readonly log: Pick<Log, 'error'>;
};

/** The zones of a running detector. */
export type DetectorZones = {
  /** the names of the zones */
  names(): readonly string[];
  /** as they were last published */
  statuses(): ZoneStatus[];
  /** Replaces the zones. */
  change(zones: Zones): Promise<void>;
};

/** Publishes the zones' first statuses, and removes the topics of zones that are gone, now and after each change. */
export async function openDetectorZones(needs: Needs): Promise<DetectorZones> {
  const { folder, beganAt, rules, topics, mqtt, publisher, log } = needs;
  const zoneTopics = await openZoneTopics({
    ...openSettingsFile<{ topics: readonly string[] }>(join(folder, 'zone-topics.json')),
    removeState: mqtt.removeState,
    failed: (err) => log.error({ err }, 'the topics of the zones cannot be stored: those of removed zones may stay'),
  });
  const topicsOf = (zones: Zones) => zones.map(({ name }) => zoneTopic(topics, name));
  const { zones } = initialRoom(beganAt, { ...rules.settings.now(), zones: rules.zones.now() });

  await zoneTopics.remember(topicsOf(rules.zones.now()));
  for (const { published } of zones.states) publisher.publish(zoneMessage(published, topics));
  zoneTopics.keepOnly(topicsOf(rules.zones.now()));
  rules.onChange((what) => {
    if (what === 'zones') zoneTopics.keepOnly(topicsOf(rules.zones.now()));
  });
  return {
    names: () => rules.zones.now().map(({ name }) => name),
    statuses: () => rules.zones.now().flatMap(({ name }) => publisher.zone(name) ?? []),
    async change(next) {
      await zoneTopics.remember(topicsOf(next));
      await rules.zones.change(next);
    },
  };
}

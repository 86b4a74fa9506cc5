import { once } from 'node:events';
import { hostname } from 'node:os';
import { sharedSigningSecret } from '../adapters/files/signing-secret.js';
import { openHomeServer } from '../adapters/http/home-server.js';
import { openMqtt } from '../adapters/mqtt/client.js';
import { wallSeconds } from '../async/clock.js';
import { partHealth } from '../domain/page/part-health.js';
import { toInstant } from '../domain/contract/payloads.js';
import { roomTopics, uploaderTopics } from '../domain/contract/topics.js';
import { createKnownUploaders } from '../domain/page/known-uploaders.js';
import { createRoomList, type Overview, type RoomMessage } from '../domain/page/overview.js';
import { packageFile } from '../package-file.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import { grantPageAccess } from '../runtime/page-access.js';
import { type CloseStack, withCloseStack } from '../runtime/process/close-stack.js';
import { isSignedDocument } from '../runtime/signed-receipt.js';

/**
 * Serves the page of all rooms until the signal is aborted. It finds the rooms through their retained topics, and passes what a
 * room's page asks for on to the detector of that room. Rejects if the address cannot be used.
 */
export async function runHome(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  await withCloseStack(signal, (opened, stopping) => serveHome(config, log, stopping.signal, opened));
}

async function serveHome(config: Config, log: Log, signal: AbortSignal, opened: CloseStack): Promise<void> {
  const { http, mqtt: broker } = config;
  const base = broker.base_topic;
  const secret = http.signing_secret ?? (await sharedSigningSecret(config.data_dir));
  const mqtt = opened.use(openMqtt(connectionOptions(config), log));
  const rooms = createRoomList((document) => isSignedDocument(document, secret));
  const uploaders = createKnownUploaders();

  const anyRoom = roomTopics(base, '+');
  const publishedAt = (retained: boolean) => (retained ? undefined : wallSeconds());
  const follow = (filter: string, what: RoomMessage) => {
    const place = filter.split('/').indexOf('+');
    mqtt.subscribe(filter, ({ topic, payload, retain }) => {
      rooms.receive(topic.split('/')[place] ?? '', what, payload.toString(), publishedAt(retain));
      return Promise.resolve();
    });
  };
  follow(anyRoom.availability, 'availability');
  follow(anyRoom.roomStatus, 'status');
  follow(anyRoom.page, 'address');
  const anyUploader = uploaderTopics(base, '+');
  for (const filter of [anyUploader.availability, anyUploader.status])
    mqtt.subscribe(filter, ({ topic, payload, retain }) =>
      Promise.resolve(uploaders.receive(topic, payload.toString(), publishedAt(retain))),
    );

  const overview = (): Overview => ({
    at: toInstant(wallSeconds()),
    broker: partHealth(mqtt),
    rooms: rooms.list(),
    uploaders: uploaders.list(),
  });
  const accessTo = (room: string) => {
    const url = rooms.addressOf(room);
    return url === undefined ? undefined : { url, token: grantPageAccess(room, secret, wallSeconds()) };
  };
  const server = opened.use(
    await openHomeServer(
      { log, overview, accessTo },
      {
        ...{ host: http.host, port: http.port, pageUrl: http.page_url },
        ...{ room: '', secret, password: http.password, ingressFrom: http.ingress_from },
        ...{ webDir: packageFile('dist/web') },
      },
    ),
  );
  mqtt.connect();
  log.info({ port: server.port }, 'the page of all rooms is open');
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), mqtt.failed]);
}

/** There may be several such pages at one broker, each on a machine of its own. */
function connectionOptions({ mqtt, http }: Config) {
  const own = `${mqtt.base_topic}-page`;
  const place = `${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}-${http.port}`;
  return {
    ...mqtt,
    clientId: `${own.replaceAll('/', '-')}-${place}`,
    availabilityTopic: `${own}/${place}/availability`,
    processName: 'page of all rooms',
  };
}

import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type UploaderStatus, uploaderStatus } from '../../src/domain/contract/payloads.js';
import { openShelf } from '../support/detector-shelf.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { testSecret } from '../support/receipt.js';
import { startRoomwatch, temporaryFolder } from '../support/roomwatch.js';

/** Only root can start a process of another user. */
const asRoot = process.getuid?.() === 0;
const [user, group] = [4321, 4322];

test.skipIf(!asRoot)(
  'an archive folder of another user: the state says what to do, and the uploader goes on by itself',
  async () => {
    const broker = await openMosquitto();
    onTestFinished(() => broker.close());
    const listener = await openListener(broker.url, 'roomwatch/uploaders/uploader/status');
    const shelf = await openShelf();
    const home = await temporaryFolder();
    const [data, archive] = ['data', 'archive'].map((name) => join(home, name)) as [string, string];
    await chmod(home, 0o755);
    await mkdir(data);
    await chown(data, user, group);
    await mkdir(join(archive, 'attic'), { recursive: true });
    const settings = {
      MQTT_URL: broker.url,
      DATA_DIR: data,
      HTTP_SIGNING_SECRET: testSecret,
      ARCHIVE_FOLDER: archive,
      HOME_ASSISTANT_DISCOVERY: 'false',
    };
    startRoomwatch(['upload'], settings, { uid: user, gid: group }).stderr?.resume();
    const status = (holds: (status: UploaderStatus) => boolean) =>
      listener.until(({ payload }) => holds(uploaderStatus.parse(JSON.parse(payload))));
    await status(({ state }) => state === 'idle');

    const announce = async (room: string) => {
      const receipt = shelf.offer(Buffer.from(`a picture of ${room}`), { room });
      await listener.client.publishAsync(`roomwatch/${room}/snapshot`, JSON.stringify(receipt), { qos: 1 });
    };
    await announce('kitchen');
    await status(({ state, last_error: error }) => {
      const says = error?.code === 'not_writable' && error.message.includes(`sudo chown ${user}:${group} ${archive}`);
      return says && state === 'backing_off';
    });
    await chown(archive, user, group);
    await status(({ uploaded, queued }) => uploaded === 1 && queued === 0);

    // A folder of one room holds up no other room.
    await announce('attic');
    await status(({ last_error: error }) => error?.message.includes(join(archive, 'attic')) ?? false);
    await announce('kitchen');
    await status(({ uploaded }) => uploaded === 2);
    await chown(join(archive, 'attic'), user, group);
    await status(({ uploaded, queued, rejected, lost }) => uploaded === 3 && queued + rejected + lost === 0);
    expect(shelf.asked.length).toBeGreaterThan(3);
  },
);

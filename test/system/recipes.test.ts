import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { health, liveSettings, motionEvent, roomStatus, snapshotReceipt } from '../../src/domain/contract/payloads.js';
import { sampleClip } from '../support/roomwatch.js';
import { openListener } from '../support/listener.js';
import { openMosquitto, type Mosquitto } from '../support/mosquitto.js';
import { readmeRecipes } from '../support/readme-recipes.js';
import { openHousehold, type Process, type Household } from '../support/household.js';

describe("the README's recipes, exactly as written", () => {
  let broker: Mosquitto;
  let roomwatch: Household;
  let detector: Process;
  let home: string;

  beforeAll(async () => {
    broker = await openMosquitto();
    home = await mkdtemp(join(tmpdir(), 'roomwatch-recipes-'));
    // The tools' own configuration files name the port, so the broker can use any free one.
    for (const tool of ['mosquitto_sub', 'mosquitto_pub', 'mosquitto_rr'])
      await writeFile(join(home, tool), `-p ${broker.port}\n`);
    roomwatch = await openHousehold({
      room: 'kitchen',
      mqtt: { url: broker.url },
      camera: { source: sampleClip, loop: true },
      occupancy: { vacancy_seconds: 3 },
      http: { port: 0 },
    });
    detector = await roomwatch.start('detect', {});
  });
  afterAll(async () => {
    await roomwatch.close();
    await broker.close();
    await rm(home, { recursive: true, force: true });
  });

  /** Runs a recipe until it ends or has printed enough, and returns its lines. */
  async function run(commands: string, enough: (lines: readonly string[]) => boolean): Promise<readonly string[]> {
    const shell = spawn('bash', ['-ec', commands], {
      cwd: home,
      env: { ...process.env, XDG_CONFIG_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended = once(shell, 'exit') as Promise<[number | null]>;
    const lines: string[] = [];
    let stopped = false;
    for await (const line of createInterface({ input: shell.stdout })) {
      lines.push(line);
      if (!enough(lines)) continue;
      stopped = true;
      process.kill(-(shell.pid ?? 0), 'SIGTERM');
      break;
    }
    const [status] = await ended;
    // 27: the time given by -W is up.
    if (!stopped) expect([0, 27], `exit status of:\n${commands}`).toContain(status);
    return lines;
  }
  const toItsEnd = () => false;

  const settingsBecome = async (change: object, act: () => Promise<unknown>) => {
    const settings = await openListener(broker.url, 'roomwatch/kitchen/settings');
    await act();
    await settings.until(({ payload, retain }) => !retain && contains(JSON.parse(payload), change));
  };
  const contains = (whole: unknown, part: object) =>
    Object.entries(part).every(([key, value]) => Reflect.get(whole as object, key) === value);

  /** What each recipe does, by the sentence before it; the test fails for a recipe that is missing here. */
  const checks: Record<string, (commands: string) => Promise<void>> = {
    async 'Watch everything'(commands) {
      const seen = (topic: string) => (lines: readonly string[]) => lines.some((line) => line.startsWith(`${topic} `));
      const lines = await run(commands, seen('roomwatch/kitchen/motion'));
      // Readable: one line for each message, with the topic and its JSON or word.
      for (const line of lines) expect(line).toMatch(/^roomwatch\/\S+ (\{.*\}|online|offline)$/);
      expect(seen('roomwatch/kitchen/availability')(lines)).toBe(true);
      expect(seen('roomwatch/kitchen/room-status')(lines)).toBe(true);
      expect(seen('roomwatch/kitchen/settings')(lines)).toBe(true);
    },
    async 'Read the status of every room, then follow each change'(commands) {
      const lines = await run(commands, ({ length }) => length === 2);
      for (const line of lines) roomStatus.parse(JSON.parse(line.slice('roomwatch/kitchen/room-status '.length)));
    },
    async 'Wait for the next motion, at most an hour'(commands) {
      const [line] = await run(commands, toItsEnd);
      motionEvent.parse(JSON.parse(line ?? ''));
    },
    async 'Save the newest picture to a file (`-N`: without the line feed that `mosquitto_sub` adds)'(commands) {
      await run(commands, toItsEnd);
      const jpeg = await readFile(join(home, 'kitchen.jpg'));
      expect([jpeg.subarray(0, 2).toString('hex'), jpeg.subarray(-2).toString('hex')]).toEqual(['ffd8', 'ffd9']);
    },
    async 'Disarm, and arm again'(commands) {
      const [disarm, arm] = commands.trim().split('\n');
      await settingsBecome({ armed: false }, () => run(disarm ?? '', toItsEnd));
      await settingsBecome({ armed: true }, () => run(arm ?? '', toItsEnd));
    },
    async 'Change thresholds (a value out of range changes nothing)'(commands) {
      await settingsBecome({ delta_thresh: 8, min_area: 3000 }, () => run(commands, toItsEnd));
    },
    async 'Read the settings in force'(commands) {
      const [line] = await run(commands, toItsEnd);
      expect(liveSettings.parse(JSON.parse(line ?? ''))).toMatchObject({ delta_thresh: 8, min_area: 3000 });
    },
    async 'Take a snapshot, and see its receipt'(commands) {
      const [line] = await run(commands, toItsEnd);
      expect(snapshotReceipt.parse(JSON.parse(line ?? '')).reason).toBe('command');
    },
    async "Read the detector's health on several lines (it is published every 30 s)"(commands) {
      const lines = await run(commands, toItsEnd);
      expect(lines.length).toBeGreaterThan(10);
      const { payload } = JSON.parse(lines.join('\n')) as { payload: unknown };
      // The clip begins again every 30.5 s, and the camera warms up then.
      expect(health.parse(payload).camera).toMatch(/^(ok|warming_up)$/);
    },
    async 'Once the detector is stopped for good, clear what the room has left at the broker; Home Assistant then removes its device'(
      commands,
    ) {
      await detector.end();
      const lines = await run(commands, toItsEnd);
      expect(lines).toContain('cleared roomwatch/kitchen/room-status');
      const left = await openListener(broker.url, '#');
      await left.client.publishAsync('mark', 'end', { qos: 1 });
      await left.until(({ topic }) => topic === 'mark');
      expect(left.received.map(({ topic }) => topic)).toEqual(['mark']);
    },
  };

  test('each does what its sentence says', { timeout: 240_000 }, async () => {
    const recipes = await readmeRecipes();
    expect(recipes.map(({ title }) => title)).toEqual(Object.keys(checks));
    for (const { title, commands } of recipes) await checks[title]?.(commands);
  });
});

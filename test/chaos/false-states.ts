import { setTimeout as pause } from 'node:timers/promises';
import type { Scene } from './faults.js';

/** The retained states that are wrong. */
export async function falseStates({ system, observer }: Scene): Promise<string[]> {
  const expected = [
    [`roomwatch/${system.room}/availability`, 'online'],
    ['roomwatch/uploaders/one/availability', 'online'],
    ['roomwatch/uploaders/two/availability', 'online'],
  ] as const;
  const wrong = async () => {
    const states = await observer.retained();
    const list = expected.flatMap(([topic, payload]) => {
      return states.get(topic) === payload ? [] : [`${topic} is ${states.get(topic)}, not ${payload}`];
    });
    for (const name of ['one', 'two']) {
      const topic = `roomwatch/uploaders/${name}/status`;
      const status = JSON.parse(states.get(topic) ?? '{}') as { state?: string; queued?: number };
      if (status.state !== 'idle' || status.queued !== 0) list.push(`${topic} is ${JSON.stringify(status)}`);
    }
    const own = new RegExp(`^roomwatch/(${system.room}|uploaders)/`);
    for (const [topic, payload] of states)
      if (!own.test(topic) && payload !== '') list.push(`${topic} of a former name is ${payload}`);
    const said = (JSON.parse(states.get(`roomwatch/${system.room}/room-status`) ?? '{}') as { status?: string }).status;
    const metrics = await (await fetch(`http://127.0.0.1:${system.httpPort}/metrics`)).text();
    const value = (name: string) => new RegExp(`^roomwatch_${name}(?:\\{[^}]*\\})? (\\d)`, 'm').exec(metrics)?.[1];
    const is = value('room_known') === '0' ? 'unknown' : value('room_occupied') === '1' ? 'occupied' : 'unoccupied';
    if (said !== is) list.push(`room-status is ${said}, the room is ${is}`);
    return list;
  };
  let list = await wrong();
  // The camera runs on, so a new state may be on its way.
  for (let tries = 0; tries < 100 && list.length > 0; tries += 1) {
    await pause(500);
    list = await wrong().catch((cause: unknown) => [String(cause)]);
  }
  return list;
}

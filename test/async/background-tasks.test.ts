import { expect, test } from 'vitest';
import { createBackgroundTasks } from '../../src/async/background-tasks.js';

function controlledTask() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { ended, end };
}

test('the loop goes on while the first task runs, and waits with the second', async () => {
  const tasks = createBackgroundTasks();
  const [first, second] = [controlledTask(), controlledTask()];
  const events: string[] = [];
  await tasks.start(async () => {
    events.push('first begins');
    await first.ended;
    events.push('first ends');
  });
  events.push('loop');
  const begun = tasks.start(async () => {
    events.push('second begins');
    await second.ended;
    events.push('second ends');
  });
  first.end();
  await begun;
  events.push('loop');
  second.end();
  await tasks.finish();
  expect(events).toEqual(['first begins', 'loop', 'first ends', 'second begins', 'loop', 'second ends']);
});

test('a task that fails is reported, and stops neither the next task nor the end', async () => {
  const tasks = createBackgroundTasks();
  await tasks.start(() => Promise.reject(new Error('a bug')));
  let done = false;
  await tasks.start(async () => {
    await Promise.resolve();
    done = true;
  });
  await expect(tasks.failed).rejects.toThrow('a bug');
  await tasks.finish();
  expect(done).toBe(true);
});

test('finish also waits for a task that has not had its turn yet', async () => {
  const tasks = createBackgroundTasks();
  const first = controlledTask();
  const events: string[] = [];
  await tasks.start(() => first.ended);
  const begun = tasks.start(async () => {
    await Promise.resolve();
    events.push('second ends');
  });
  const finished = tasks.finish().then(() => events.push('finished'));
  first.end();
  await Promise.all([begun, finished]);
  expect(events).toEqual(['second ends', 'finished']);
});

test('no task begins once the tasks have finished', async () => {
  const tasks = createBackgroundTasks();
  await tasks.finish();
  let begun = false;
  await tasks.start(async () => {
    await Promise.resolve();
    begun = true;
  });
  await tasks.finish();
  expect(begun).toBe(false);
});

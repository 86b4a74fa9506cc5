import type { Log } from '../../runtime/log.js';
import type { Child } from '../../runtime/process/child.js';
import { pause } from '../../async/pause.js';
import type { ProcessPlan } from './plan-processes.js';

/** The processes of one `roomwatch start`. */
export type ProcessGroup = {
  /**
   * Makes the running processes those of the plans: stops what is not planned any more, starts anew what depends on something
   * that has changed or could not run, and starts what is new. The first plans are started in their order.
   */
  update(plans: readonly ProcessPlan[]): Promise<void>;
  /** Resolves with the exit status when the processes cannot do their work. */
  readonly over: Promise<number>;
  /** Stops the detectors first, so that their last messages still reach the others, and the broker last. */
  stop(): Promise<void>;
  /** Sends SIGKILL to each. */
  kill(): void;
};

type Running = {
  readonly plan: ProcessPlan;
  readonly child: Child;
  /** the exit status, once it will not be started again */
  status: number | undefined;
};

/** How long to wait for the processes of one kind before the next are told to stop, and for all of them before they are killed. */
const patience = { eachSeconds: 2, allSeconds: 4 };
const stopOrder = ['page', 'detector', 'uploader', 'recogniser', 'broker'] as const;
const never = new AbortController().signal;

/** @param startChild starts the process of a plan; one that is `alone` of its kind need not be started again in vain */
export function createProcessGroup(
  startChild: (plan: ProcessPlan, alone: boolean) => Child,
  log: Pick<Log, 'info' | 'error'>,
): ProcessGroup {
  const running = new Map<string, Running>();
  let stopped = false;
  let end: (status: number) => void = () => {};
  const over = new Promise<number>((resolve) => (end = resolve));

  function childEnded(ended: Running, status: number): void {
    // It was stopped, or replaced.
    if (running.get(ended.plan.key) !== ended) return;
    ended.status = status;
    if (ended.plan.kind !== 'detector') return end(status);
    const detectors = [...running.values()].filter(({ plan }) => plan.kind === 'detector');
    const name = ended.plan.name.replace('detect', 'the detector');
    if (status === 0) {
      log.info(`${name} has finished (its clip ended or its window was closed); the uploader runs until Ctrl-C`);
    } else if (detectors.every((one) => (one.status ?? 0) > 0)) end(status);
    else
      log.error({ status }, `${name} cannot run, the other rooms go on; correct the configuration, then send SIGHUP`);
  }

  async function start(plan: ProcessPlan, alone: boolean): Promise<void> {
    const child = startChild(plan, alone);
    const started: Running = { plan, child, status: undefined };
    running.set(plan.key, started);
    void child.over.then((status) => childEnded(started, status));
    if (plan.kind === 'broker' || plan.kind === 'recogniser') await Promise.race([child.firstMessage, child.over]);
  }

  function stopChild({ plan, child }: Running): Promise<void> {
    running.delete(plan.key);
    return child.stop();
  }

  return {
    over,
    async update(plans) {
      const planned = new Map(plans.map((plan) => [plan.key, plan]));
      const outdated = [...running.values()].filter(({ plan, status }) => {
        return planned.get(plan.key)?.needs !== plan.needs || (status ?? 0) > 0;
      });
      await Promise.all(outdated.map(stopChild));
      for (const plan of plans) {
        const alone = plans.filter(({ kind }) => kind === plan.kind).length === 1;
        if (stopped || (running.get('broker')?.status ?? 0) > 0) return;
        if (!running.has(plan.key)) await start(plan, alone);
      }
    },
    async stop() {
      stopped = true;
      const tooLate = pause(patience.allSeconds, never);
      const stops: Promise<void>[] = [];
      for (const kind of stopOrder) {
        const stopping = [...running.values()].filter(({ plan }) => plan.kind === kind).map(stopChild);
        stops.push(...stopping);
        if (stopping.length > 0)
          await Promise.race([Promise.all(stopping), tooLate, pause(patience.eachSeconds, never)]);
      }
      await Promise.race([Promise.all(stops), tooLate]);
    },
    kill: () => [...running.values()].forEach(({ child }) => child.kill()),
  };
}

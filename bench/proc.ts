import { readdirSync, readFileSync } from 'node:fs';

/** User and system time of a running process so far, in ms, its children not included; the kernel counts in steps of 10. */
export function cpuMs(pid: number | undefined): number {
  // proc(5): fields 14 and 15; the name before them stands in parentheses and may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The same of the threads that are alive, to the nanosecond: for short stretches in which no thread ends. */
export function exactCpuMs(pid: number | undefined): number {
  const tasks = `/proc/${pid}/task`;
  // Documentation/scheduler/sched-stats.rst: first the time spent on a CPU, in ns.
  const spent = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return spent.reduce((sum, one) => sum + one, 0) / 1e6;
}

/** What a running process holds in memory now, in MB, and its threads. Throws where there is no such process. */
export function heldBy(pid: number | undefined): { readonly rssMb: number; readonly threads: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { rssMb: (number('VmRSS') * 1024) / 1e6, threads: number('Threads') };
}

/** What a running process holds in memory now, in MB, its part of what it shares with others included (PSS). */
export function pssMb(pid: number): number {
  // Documentation/filesystems/proc.rst: kB
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024) / 1e6;
}

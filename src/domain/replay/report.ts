import type { RoomStatus } from '../contract/payloads.js';

/** One visit that a replay detected; times are seconds of the clip. */
export type ReportedVisit = { readonly from: number; readonly to: number; readonly snapshots: number };

/** Collects the visits of a replay. */
export type ReplayReport = {
  status(at: number, status: RoomStatus): void;
  snapshot(): void;
  /** @param seconds the end of the clip */
  visits(seconds: number): readonly ReportedVisit[];
};

/** Starts an empty report. */
export function createReplayReport(): ReplayReport {
  const visits: ReportedVisit[] = [];
  let open: { from: number; snapshots: number } | undefined;
  const close = (to: number) => {
    if (open !== undefined) visits.push({ ...open, to });
    open = undefined;
  };
  return {
    status(at, { status }) {
      if (status !== 'occupied') close(at);
      else open ??= { from: at, snapshots: 0 };
    },
    snapshot() {
      if (open !== undefined) open.snapshots++;
    },
    visits(seconds) {
      close(seconds);
      return visits;
    },
  };
}

/** The report as text for people, a line for each visit. */
export function describeReport(
  clip: string,
  frames: number,
  seconds: number,
  visits: readonly ReportedVisit[],
): string {
  const occupied = visits.reduce((sum, visit) => sum + visit.to - visit.from, 0);
  const head = `${clip}: ${frames} ${frames === 1 ? 'frame' : 'frames'}, ${clock(seconds)}; ${visits.length} ${visits.length === 1 ? 'visit' : 'visits'}, occupied ${clock(occupied)}`;
  const lines = visits.map(
    ({ from, to, snapshots }, n) =>
      `  visit ${n + 1}  ${clock(from)} to ${clock(to)}  ${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'}`,
  );
  return [head, ...lines].join('\n');
}

function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

import type { RoomStatus } from '../contract/payloads.js';

/** One stay as a replay saw it; times are seconds of the clip. */
export type ReportedVisit = { readonly from: number; readonly to: number; readonly snapshots: number };

/** Collects what a replay says about who was in the room. */
export type ReplayReport = {
  status(at: number, status: RoomStatus): void;
  snapshot(): void;
  /** @param seconds where the clip ended */
  visits(seconds: number): readonly ReportedVisit[];
};

/** Begins an empty report. */
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

/** The report as a person reads it, one line a visit. */
export function describeReport(
  clip: string,
  frames: number,
  seconds: number,
  visits: readonly ReportedVisit[],
): string {
  const occupied = visits.reduce((sum, visit) => sum + visit.to - visit.from, 0);
  const head = `${clip}: ${frames} frames, ${clock(seconds)}; ${visits.length} ${visits.length === 1 ? 'visit' : 'visits'}, occupied ${clock(occupied)}`;
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

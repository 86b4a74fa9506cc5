/** When the share of a group's uploader that is away, or hangs, goes to the others. */
export type GroupTimes = {
  /** The broker forgets an uploader that is away for longer, and what it held for it. */
  readonly sessionSeconds: number;
  /** This long after an uploader went offline, detectors announce again what nobody has reported; longer than the session. */
  readonly handOverSeconds: number;
};

/** The times of every process; only tests have others. */
export const groupTimes: GroupTimes = { sessionSeconds: 600, handOverSeconds: 630 };

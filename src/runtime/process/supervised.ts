/** The variable in which `roomwatch start` gives its process id to the processes it starts. */
export const supervisorVariable = 'ROOMWATCH_STARTED_BY';

/** The variable in which `roomwatch start` names the socket of the process that has the model for all detectors. */
export const recogniserVariable = 'ROOMWATCH_RECOGNISER_SOCKET';

/** Whether `roomwatch start` started this process; it may be gone since. */
export function isSupervised(): boolean {
  return Boolean(process.env[supervisorVariable]);
}

/**
 * Whether the `roomwatch start` that started this process has ended. The kernel closes its channel first, and then gives its
 * children another parent; a process that looks between the two, or before it has read the end of the channel, sees only one.
 */
export function supervisorIsGone(): boolean {
  return isSupervised() && !(process.connected && process.env[supervisorVariable] === String(process.ppid));
}

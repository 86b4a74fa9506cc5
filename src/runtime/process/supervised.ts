/** Names, to a process that `roomwatch start` starts, the one that did. */
export const supervisorVariable = 'ROOMWATCH_STARTED_BY';

/**
 * Whether `roomwatch start` started this process and holds a channel to it. A channel alone says nothing: other process
 * managers (pm2) open one too, and stop their processes with the signals that a supervised one leaves to its supervisor.
 */
export function isSupervised(): boolean {
  return Boolean(process.connected) && process.env[supervisorVariable] === String(process.ppid);
}

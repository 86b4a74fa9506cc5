/** The variable in which `roomwatch start` gives its process id to the processes it starts. */
export const supervisorVariable = 'ROOMWATCH_STARTED_BY';

/**
 * Whether `roomwatch start` started this process and holds a channel to it. A channel alone is no proof: other process
 * managers (pm2) also open one, but stop their processes with the signals that a supervised process ignores.
 */
export function isSupervised(): boolean {
  return Boolean(process.connected) && process.env[supervisorVariable] === String(process.ppid);
}

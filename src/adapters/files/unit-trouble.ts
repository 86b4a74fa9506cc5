import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { writeAdvice } from './place-trouble.js';

const properties = ['ProtectSystem', 'ReadWritePaths', 'StateDirectory'] as const;
const patienceMs = 5000;

/** Why systemd would keep a service from writing into a folder, and what to do; undefined if it would not, or does not run here. */
export function unitTrouble(folder: string, unit: string, askSystemd = showUnit): string | undefined {
  const path = resolve(folder);
  const { ProtectSystem: protection, ReadWritePaths: open = '', StateDirectory: state = '' } = askSystemd(unit);
  if (protection !== 'strict') return undefined;
  const states = state.split(' ').filter((name) => name !== '');
  // `-` and `+` before a path say what happens if it is missing, and where it starts (systemd.exec(5)).
  const paths = [
    ...states.map((name) => `/var/lib/${name}`),
    ...open.split(' ').map((one) => one.replace(/^[-+]+/, '')),
  ];
  if (paths.some((one) => one !== '' && (path === one || path.startsWith(`${one.replace(/\/$/, '')}/`))))
    return undefined;
  return `${path} cannot be written: ${writeAdvice({ path, place: path, code: 'EROFS', unit, user: 0, group: 0, owner: 0 })}`;
}

/** The unit's properties as systemd has them; none where it does not run or does not know the unit. */
function showUnit(unit: string): Readonly<Record<string, string>> {
  const args = ['show', unit, ...properties.map((name) => `--property=${name}`)];
  const { status, stdout } = spawnSync('systemctl', args, { encoding: 'utf8', timeout: patienceMs });
  if (status !== 0) return {};
  return Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

import { dirname, join, resolve } from 'node:path';
import { isPackaged } from '../as-services.js';

/** What `roomwatch init` has done. */
export type Outcome = {
  readonly file: string;
  readonly rooms: readonly string[];
  /** the file for Compose, if there is one */
  readonly envFile: string | undefined;
  /** whether the login to Dropbox is still to come */
  readonly lacksLogin: boolean;
  /** what is wrong with the configuration, along with the environment */
  readonly problems: readonly string[];
};

/** Says what was written, and which command to run next. */
export function closingWords({ file, rooms, envFile, lacksLogin, problems }: Outcome): string {
  const conf = `--conf ${inShell(file)}`;
  const services = ['uploader', 'page', ...rooms.map((room) => `detector@${room}`)].map((name) => `roomwatch-${name}`);
  const run = isPackaged(file) ? `systemctl enable --now ${services.join(' ')}` : `roomwatch start ${conf}`;
  const login = isPackaged(file) ? 'sudo roomwatch login' : 'roomwatch login';
  const next = [...(lacksLogin ? [`${login} dropbox ${conf}`] : []), run];
  return [
    '',
    `${file} is written. The password of the page is in it, under http.password.`,
    ...problems.map((problem) => `  to be corrected: ${problem}`),
    ...(envFile === undefined ? [] : [composeWords(envFile, rooms.length > 1 ? file : undefined)]),
    'Next:',
    ...next.map((line) => `  ${line}`),
    ...(isPackaged(file) ? [] : ['(In a checkout, roomwatch is: node dist/cli.js)']),
  ].join('\n');
}

/** @param file that has the rooms, if the containers need it */
function composeWords(envFile: string, file: string | undefined): string {
  const folder = join(dirname(envFile), 'config');
  const copies = file !== undefined && resolve(dirname(file)) !== resolve(folder);
  return (
    `${envFile} is written for Docker Compose. To run it in containers instead: ` +
    (copies ? `cp ${inShell(file)} ${inShell(folder)}/, ` : '') +
    'cd docker, ./make-secrets, and docker compose up -d (docker/README.md).'
  );
}

function inShell(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

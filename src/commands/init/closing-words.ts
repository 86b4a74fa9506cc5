import { packaged } from './values.js';

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
  const run = file === packaged ? `systemctl enable --now ${services.join(' ')}` : `roomwatch start ${conf}`;
  const login = file === packaged ? 'sudo -u roomwatch roomwatch login' : 'roomwatch login';
  const next = [...(lacksLogin ? [`${login} dropbox ${conf}`] : []), run];
  return [
    '',
    `${file} is written. The password of the page is in it, under http.password.`,
    ...problems.map((problem) => `  to be corrected: ${problem}`),
    ...(envFile === undefined ? [] : [composeWords(envFile)]),
    'Next:',
    ...next.map((line) => `  ${line}`),
    ...(file === packaged ? [] : ['(In a checkout, roomwatch is: node dist/cli.js)']),
  ].join('\n');
}

function composeWords(envFile: string): string {
  return (
    `${envFile} is written for Docker Compose. To run it in containers instead: cd docker, ./make-secrets, and ` +
    'docker compose up -d (docker/README.md).'
  );
}

function inShell(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** What `roomwatch init` has done. */
export type Outcome = {
  readonly file: string;
  /** the file for Compose, if there is one */
  readonly envFile: string | undefined;
  /** whether the login to Dropbox is still to come */
  readonly lacksLogin: boolean;
  /** what is wrong with the configuration, along with the environment */
  readonly problems: readonly string[];
};

/** Says what was written, and which command to run next. */
export function closingWords({ file, envFile, lacksLogin, problems }: Outcome): string {
  const conf = `--conf ${inShell(file)}`;
  const next = [...(lacksLogin ? [`roomwatch login dropbox ${conf}`] : []), `roomwatch start ${conf}`];
  return [
    '',
    `${file} is written; only you can read it. The password of the page is in it, under http.password.`,
    ...problems.map((problem) => `  to be corrected: ${problem}`),
    ...(envFile === undefined ? [] : [composeWords(envFile)]),
    'Next:',
    ...next.map((line) => `  ${line}`),
    '(In a checkout, roomwatch is: node dist/cli.js)',
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

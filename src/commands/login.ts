import { beginLogin } from '../adapters/dropbox/login.js';
import type { Config } from '../runtime/config/config.js';
import { writeStoredLogin } from '../adapters/files/stored-login.js';
import { asServiceUser } from './as-services.js';
import { openDialog, type Dialog, type Terminal } from './dialog.js';

type LoginConfig = Pick<Config, 'data_dir' | 'dropbox'>;

/**
 * `roomwatch login dropbox`: shows the page to open, asks for the code shown there, and stores the login in `data_dir` for
 * every process that has none configured; if root does it, for the user of the services (see `asServiceUser`). Also asks for the
 * app key if `dropbox.app_key` is not set.
 * @param file the configuration file, if there is one
 */
export async function loginDropbox(
  { config, file }: { readonly config: LoginConfig; readonly file: string | undefined },
  signal: AbortSignal,
  terminal: Terminal = process,
): Promise<void> {
  const dialog = openDialog(terminal, signal);
  try {
    await asServiceUser({ file, dataDir: config.data_dir }, () => loginInDialog(config, dialog, signal));
  } finally {
    dialog.close();
  }
}

/** `loginDropbox` as a part of a dialog. */
export async function loginInDialog(
  { dropbox, data_dir }: LoginConfig,
  dialog: Dialog,
  signal: AbortSignal,
): Promise<void> {
  const ask = async (question: string, name: string) => {
    const answer = await dialog.ask(question);
    if (!answer) throw new Error(`no ${name} was given`);
    return answer;
  };
  const appKey =
    dropbox.app_key ??
    (await ask('App key of your Dropbox app (https://www.dropbox.com/developers/apps, Settings): ', 'app key'));
  const login = await beginLogin({ appKey, apiUrl: dropbox.api_url, signal });
  dialog.say(`Open this page in a browser, on any device, and allow access:\n\n  ${login.url}\n`);
  const code = await ask('Code shown there: ', 'code');
  const refreshToken = await login.finish(code).catch((error: unknown) => {
    // A stop in the middle is no failure.
    signal.throwIfAborted();
    throw error;
  });
  const path = writeStoredLogin(data_dir, { app_key: appKey, refresh_token: refreshToken });
  dialog.say(
    `\nThe login is stored in ${path}; only you can read it. With archive.kind dropbox, the uploader uses it.`,
  );
}

import { createInterface } from 'node:readline';
import { beginLogin } from '../adapters/dropbox/login.js';
import type { Config } from '../runtime/config/config.js';
import { writeStoredLogin } from '../adapters/files/stored-login.js';

/** Where the user is talked to. */
export type Terminal = { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream };

/**
 * `roomwatch login dropbox`: shows the page to open, asks for the code it gives, and stores the login in `data_dir`, where
 * every process finds it that has none configured. Asks for the app key too where `dropbox.app_key` is not set.
 */
export async function loginDropbox(config: Config, signal: AbortSignal, terminal: Terminal = process): Promise<void> {
  const { stdin, stdout } = terminal;
  const input = createInterface({ input: stdin });
  const stop = () => input.close();
  signal.addEventListener('abort', stop);
  // Not `question`, which loses lines that are there before they are asked for, as from a pipe.
  const lines = input[Symbol.asyncIterator]();
  const ask = async (question: string, what: string) => {
    stdout.write(question);
    const { value } = (await lines.next()) as { value?: string };
    signal.throwIfAborted();
    const answer = value?.trim();
    if (!answer) throw new Error(`no ${what} was given`);
    return answer;
  };
  try {
    const appKey =
      config.dropbox.app_key ??
      (await ask('App key of your Dropbox app (https://www.dropbox.com/developers/apps, Settings): ', 'app key'));
    const login = await beginLogin({ appKey, apiUrl: config.dropbox.api_url, signal });
    stdout.write(`Open this page in a browser, on any device, and allow access:\n\n  ${login.url}\n\n`);
    const code = await ask('Code shown there: ', 'code');
    const refreshToken = await login.finish(code);
    const path = writeStoredLogin(config.data_dir, { app_key: appKey, refresh_token: refreshToken });
    stdout.write(
      `\nThe login is in ${path}, for your eyes only. With archive.kind dropbox, the uploader finds it there.\n`,
    );
  } finally {
    signal.removeEventListener('abort', stop);
    input.close();
  }
}

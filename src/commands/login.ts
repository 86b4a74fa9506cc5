import { createInterface } from 'node:readline';
import { beginLogin } from '../adapters/dropbox/login.js';
import type { Config } from '../runtime/config/config.js';
import { writeStoredLogin } from '../adapters/files/stored-login.js';

type LoginConfig = Pick<Config, 'data_dir' | 'dropbox'>;

/** Where to ask the user. */
export type Terminal = { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream };

/**
 * `roomwatch login dropbox`: shows the page to open, asks for the code shown there, and stores the login in `data_dir` for
 * every process that has none configured. Also asks for the app key if `dropbox.app_key` is not set.
 */
export async function loginDropbox(
  { dropbox, data_dir }: LoginConfig,
  signal: AbortSignal,
  terminal: Terminal = process,
): Promise<void> {
  const { stdin, stdout } = terminal;
  const input = createInterface({ input: stdin });
  const stop = () => input.close();
  signal.addEventListener('abort', stop);
  // Not `question`, which loses lines that arrive before it is called, as from a pipe.
  const lines = input[Symbol.asyncIterator]();
  const ask = async (question: string, name: string) => {
    stdout.write(question);
    const { value } = (await lines.next()) as { value?: string };
    signal.throwIfAborted();
    const answer = value?.trim();
    if (!answer) throw new Error(`no ${name} was given`);
    return answer;
  };
  try {
    const appKey =
      dropbox.app_key ??
      (await ask('App key of your Dropbox app (https://www.dropbox.com/developers/apps, Settings): ', 'app key'));
    const login = await beginLogin({ appKey, apiUrl: dropbox.api_url, signal });
    stdout.write(`Open this page in a browser, on any device, and allow access:\n\n  ${login.url}\n\n`);
    const code = await ask('Code shown there: ', 'code');
    const refreshToken = await login.finish(code).catch((error: unknown) => {
      // A stop in the middle is no failure.
      signal.throwIfAborted();
      throw error;
    });
    const path = writeStoredLogin(data_dir, { app_key: appKey, refresh_token: refreshToken });
    stdout.write(
      `\nThe login is stored in ${path}; only you can read it. With archive.kind dropbox, the uploader uses it.\n`,
    );
  } finally {
    signal.removeEventListener('abort', stop);
    input.close();
  }
}

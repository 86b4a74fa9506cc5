import { secretsOf } from '../../runtime/config/secrets.js';
import { redactor } from '../../runtime/redact.js';
import { archivePart } from '../check.js';
import { loginInDialog } from '../login.js';
import { askFor, confirm, settle, type Interview } from './interview.js';
import { configOf, locate, type Places, type Values } from './values.js';

/** What is given about the archive. */
export type GivenArchive = { readonly archive: string | undefined; readonly appKey: string | undefined };

/**
 * Asks where the pictures go, leads through the login to Dropbox, and tries the archive.
 * @param folder of the configuration file
 * @param asServices whether the Debian package's uploader will write it
 * @param places those that are settled already
 */
export function askArchive(
  interview: Interview,
  { archive, appKey }: GivenArchive,
  { folder, asServices }: { readonly folder: string; readonly asServices: boolean },
  places: Places,
): Promise<Values> {
  const isGiven = archive !== undefined && (archive !== 'dropbox' || appKey !== undefined);
  return settle<Values>(interview, {
    given: isGiven ? valuesOf(archive, appKey) : undefined,
    ask: async () => {
      const kind = archive === 'dropbox' && appKey === undefined ? archive : await askKind(interview, places);
      return valuesOf(kind, kind === 'dropbox' ? await askAppKey(interview) : undefined);
    },
    part: async (answer) => {
      const values = new Map([...places, ...answer]);
      if (lacksLogin(values, folder) && !(await login(interview, values, folder))) return undefined;
      const config = configOf(values, folder);
      return { part: archivePart(config, asServices), redact: redactor(secretsOf(config)) };
    },
  });
}

/** Whether a login to Dropbox is still to come. */
export function lacksLogin(values: Values, folder: string): boolean {
  if (values.get('archive.kind') !== 'dropbox') return false;
  const { refresh_token, access_token } = configOf(values, folder).dropbox;
  return refresh_token === undefined && access_token === undefined;
}

function valuesOf(kind: string, appKey: string | undefined): Values {
  if (kind === 'dropbox')
    return new Map<string, unknown>([
      ['archive.kind', kind],
      ['dropbox.app_key', appKey],
    ]);
  const values = new Map([['archive.kind', 'folder']]);
  return kind === 'folder' ? values : values.set('archive.folder', locate('archive.folder', kind));
}

function askKind(interview: Interview, places: Places): Promise<string> {
  const usual = places.get('archive.folder') ?? 'data/archive beside the configuration';
  return askFor(interview, {
    words: `Where the pictures go (dropbox, folder for ${usual}, or the path of a folder)`,
    flag: '--archive',
    fallback: 'folder',
    wrong: () => undefined,
  });
}

function askAppKey(interview: Interview): Promise<string> {
  interview.dialog.say(
    'Create an app at https://www.dropbox.com/developers/apps: scoped access, "App folder", and under Permissions\n' +
      'files.content.write. Its App key is shown under Settings.',
  );
  return askFor(interview, { words: 'App key', flag: '--dropbox-app-key', wrong: () => undefined });
}

/** Leads through `roomwatch login dropbox`; false if that is left for later. */
async function login(interview: Interview, values: Values, folder: string): Promise<boolean> {
  const { dialog, yes, signal } = interview;
  while (!yes && (await confirm(interview, 'Log in to Dropbox now?', true))) {
    try {
      await loginInDialog(configOf(values, folder), dialog, signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      dialog.say(`  ${(error as Error).message}`);
    }
  }
  return false;
}

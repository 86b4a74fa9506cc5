import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askFor, confirm, type Interview } from './interview.js';

/** Asks whether to write a `.env` for Compose, too, and where. */
export async function askEnvFile(interview: Interview, folder: string): Promise<string | undefined> {
  if (interview.yes || !(await confirm(interview, 'Write an .env for Docker Compose, too?', false))) return undefined;
  return askFor(interview, {
    words: 'Its path',
    flag: '--env',
    fallback: existsSync('docker/compose.yaml') ? 'docker/.env' : join(folder, '.env'),
    wrong: (path) => (existsSync(path) ? 'this file is there already: name another one' : undefined),
  });
}

import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

/** The program's version, as in package.json. */
export const version = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;

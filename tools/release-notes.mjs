// Prints what CHANGELOG.md says about a version, for the notes of its release: `node tools/release-notes.mjs [VERSION]`, or that of
// package.json. Fails if the version has no section, or no date. In a workflow, links lead to the files of that version.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const version = process.argv[2] ?? JSON.parse(read('package.json')).version;
const [, ...sections] = read('CHANGELOG.md').split(/^## /m);
const section = sections.find((text) => text.split(/[\s,]/, 1)[0] === version);
const [title = '', ...lines] = section?.split('\n') ?? [];
if (!/^\S+, \d{4}-\d{2}-\d{2}$/.test(title)) {
  process.stderr.write(`CHANGELOG.md has no section "## ${version}, YYYY-MM-DD"\n`);
  process.exit(1);
}
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
const files = GITHUB_REPOSITORY === undefined ? '' : `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/v${version}/`;
process.stdout.write(`${lines.join('\n').trim().replaceAll('](docs/', `](${files}docs/`)}\n`);

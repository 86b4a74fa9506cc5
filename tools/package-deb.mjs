// `npm run package:deb`: makes roomwatch_<version>_<architecture>.deb of this checkout, for the Debian it runs on. The set-up
// has run before: everything is compiled. Prints the file's name.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nodeModules, root } from './setup/paths.mjs';
import { run, step } from './setup/progress.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const maintainer = `${process.env.DEBFULLNAME || 'Roomwatch'} <${process.env.DEBEMAIL || 'roomwatch@example.org'}>`;
const made = new Date(1000 * (process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000));
const architecture = run('dpkg', ['--print-architecture']).trim();
const work = join(root, 'build', 'deb');
const tree = join(work, 'tree');
const program = join(tree, 'usr', 'lib', 'roomwatch');
const documents = join(tree, 'usr', 'share', 'doc', 'roomwatch');
const packaging = join(root, 'packaging');
const file = join(root, `roomwatch_${version}_${architecture}.deb`);
const configuration = '/etc/roomwatch/roomwatch.yaml';

/** Debian's own node is a shell around its libnode, which cannot be taken along. */
const takesNode = !run('ldd', [process.execPath]).includes('libnode');
const node = takesNode ? '/usr/lib/roomwatch/node' : '/usr/bin/node';

rmSync(work, { recursive: true, force: true });
step('laying out the program', 'ten seconds', layOutProgram);
layOutSystem();
layOutDocuments();
writeControl();
step('packing', 'a quarter of a minute on a PC, a minute on a Raspberry Pi', () =>
  run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', tree, file]),
);
rmSync(work, { recursive: true });
process.stdout.write(`${relative(process.cwd(), file)}\n`);

/** What runs, as in the images: see docker/trim.sh. */
function layOutProgram() {
  mkdirSync(program, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'dist', 'assets'])
    copy(join(root, name), join(program, name));
  copy(nodeModules, join(program, 'node_modules'));
  run('sh', [join(root, 'docker', 'trim.sh')], { cwd: program });
  rmSync(join(program, 'package-lock.json'));
  // With its dependencies, as the program looks for them.
  copy(join(root, 'package.json'), join(program, 'package.json'));
  renameSync(join(program, 'opencv4nodejs'), join(program, 'node_modules', 'opencv4nodejs'));
  for (const native of natives()) {
    copy(join(root, native), join(program, native));
    run('strip', ['--strip-unneeded', join(program, native)]);
  }
  // Packages mark programs of theirs, which nobody calls here.
  for (const path of filesBelow(program)) chmodSync(path, 0o644);
  if (takesNode) {
    copy(process.execPath, join(program, 'node'));
    run('strip', [join(program, 'node')]);
    chmodSync(join(program, 'node'), 0o755);
  }
}

function natives() {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return ['node_modules/opencv4nodejs/build/Release/opencv4nodejs.node', imports['#video-addon']];
}

/** The command, the services and their configuration. */
function layOutSystem() {
  const command = `#!/bin/sh
# Whoever may read the services' configuration uses it.
[ -n "\${ROOMWATCH_CONF+set}" ] || [ ! -r ${configuration} ] || export ROOMWATCH_CONF=${configuration}
exec ${node} /usr/lib/roomwatch/dist/cli.js "$@"
`;
  write(join(tree, 'usr', 'bin', 'roomwatch'), command, 0o755);
  for (const name of readdirSync(join(packaging, 'systemd'))) {
    const target = name.endsWith('.yaml') ? join(tree, configuration) : join(tree, 'usr/lib/systemd/system', name);
    copy(join(packaging, 'systemd', name), target);
  }
  chmodSync(join(tree, configuration), 0o640);
  copy(join(packaging, 'debian', 'lintian-overrides'), join(tree, 'usr/share/lintian/overrides/roomwatch'));
}

function layOutDocuments() {
  for (const name of ['README.md', 'NOTICE', 'SECURITY.md']) copy(join(root, name), join(documents, name));
  for (const name of readdirSync(join(root, 'docs')).filter((one) => one.endsWith('.md')))
    copy(join(root, 'docs', name), join(documents, 'docs', name));
  for (const name of ['example.yaml', 'roomwatch.schema.json'])
    copy(join(root, 'config', name), join(documents, 'examples', name));
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8').split('\n\n').slice(2).join('\n\n');
  const indented = licence.trim().replaceAll(/^$/gm, '.').replaceAll(/^/gm, ' ');
  write(join(documents, 'copyright'), `${readFileSync(join(packaging, 'debian', 'copyright'), 'utf8')}${indented}\n`);
  const entry = `roomwatch (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${maintainer}  ${rfc2822(made)}\n`;
  write(join(documents, 'changelog.gz'), gzip(entry));
  write(join(documents, 'CHANGELOG.md.gz'), gzip(readFileSync(join(root, 'CHANGELOG.md'))));
  if (takesNode) write(join(documents, 'node-LICENSE.gz'), gzip(nodeLicence()));
}

/** Where nodejs.org's archive, Docker's image and NodeSource's package have it. */
function nodeLicence() {
  const prefix = dirname(dirname(process.execPath));
  for (const path of [join(prefix, 'LICENSE'), '/usr/share/doc/nodejs/LICENSE', '/usr/share/doc/nodejs/copyright']) {
    if (statSync(path, { throwIfNoEntry: false })) return readFileSync(path);
  }
  return `The licence of Node.js: https://github.com/nodejs/node/blob/${process.version}/LICENSE\n`;
}

function writeControl() {
  const control = join(tree, 'DEBIAN');
  for (const name of ['postinst', 'prerm', 'postrm'])
    write(join(control, name), readFileSync(join(packaging, 'debian', name)), 0o755);
  write(join(control, 'conffiles'), `${configuration}\n`);
  const files = filesBelow(tree).filter((path) => !path.startsWith(control) && path !== join(tree, configuration));
  const sums = files.map((path) => `${hashOfFile(path)}  ${relative(tree, path)}\n`);
  write(join(control, 'md5sums'), sums.join(''));
  const kilobytes = files.reduce((sum, path) => sum + Math.ceil(statSync(path).size / 1024), 0);
  write(
    join(control, 'control'),
    `Package: roomwatch
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${kilobytes}
Depends: ${dependencies().join(', ')}
Suggests: mosquitto, mosquitto-clients
Section: misc
Priority: optional
Description: room occupancy from a camera, on MQTT
 Watches a camera, recognises people on this machine, and publishes on MQTT
 whether the room is occupied. A picture of every visit goes to Dropbox or to
 a folder, losing none.
`,
  );
}

/** What the native parts and node load, and what the services are set up with. */
function dependencies() {
  const elves = [...natives().map((native) => join(program, native)), ...(takesNode ? [join(program, 'node')] : [])];
  // dpkg-shlibdeps wants to be where a source package is.
  write(join(work, 'debian', 'control'), 'Source: roomwatch\n\nPackage: roomwatch\nArchitecture: any\n');
  const said = run('dpkg-shlibdeps', ['-O', ...elves.map((path) => `-e${path}`)], { cwd: work });
  const libraries = /^shlibs:Depends=(.*)$/m.exec(said)[1].split(', ');
  // Loaded by its name, for a camera at /dev/video0; of the version of libavformat.
  const devices = libraries.find((one) => one.startsWith('libavformat')).replace('libavformat', 'libavdevice');
  const [major] = process.versions.node.split('.').map(Number);
  const runtime = takesNode ? [] : [`nodejs (>= ${process.versions.node})`, `nodejs (<< ${major + 1})`];
  return ['adduser', devices, ...libraries, ...runtime];
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== '.bin' });
}

function write(path, content, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function hashOfFile(path) {
  return createHash('md5').update(readFileSync(path)).digest('hex');
}

function gzip(content) {
  return gzipSync(content, { level: 9 });
}

function rfc2822(date) {
  return date.toUTCString().replace('GMT', '+0000');
}

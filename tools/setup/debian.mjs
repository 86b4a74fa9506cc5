import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { findHeaders } from './node.mjs';
import { SetupProblem, run, step } from './progress.mjs';

const toBuild = [
  ...['libopencv-dev', 'libavformat-dev', 'libavcodec-dev', 'libswscale-dev'],
  ...['g++', 'make', 'python3', 'pkgconf'],
];
/** What `npm run package:deb` needs. */
export const toPackage = [...toBuild, 'dpkg-dev'];
const toRun = [...toBuild, 'ffmpeg', 'mosquitto', 'mosquitto-clients'];
const toTest = [
  ...toRun,
  ...['python3-opencv', 'opencv-doc', 'xvfb', 'xauth', 'imagemagick', 'chromium'],
  // a small RTSP server
  ...['python3-gi', 'gir1.2-gst-rtsp-server-1.0', 'gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good'],
  ...['gstreamer1.0-plugins-bad', 'gstreamer1.0-plugins-ugly', 'gstreamer1.0-libav'],
];
const listsAreOldAfterMs = 24 * 3600 * 1000;

/** Installs what is missing of Debian's packages and returns the version of its OpenCV. */
export function ensureDebianPackages(purpose) {
  if (!existsSync('/usr/bin/dpkg-query'))
    return run('pkg-config', ['--modversion', 'opencv4'], { problem: notDebian() });
  const wanted = { test: toTest, package: toPackage }[purpose] ?? toRun;
  const installed = installedVersions([...wanted, 'nodejs']);
  const missing = wanted.filter((name) => !installed.has(name));
  // Debian's own nodejs keeps its headers apart; everybody else's brings them along.
  if (!findHeaders() && installed.has('nodejs')) missing.push('libnode-dev');
  if (missing.length === 0) return installed.get('libopencv-dev');
  install(missing);
  if (missing.includes('mosquitto')) quietMosquitto();
  return opencvVersion();
}

/** The version of Debian's OpenCV; undefined where there is none. */
export function opencvVersion() {
  return installedVersions(['libopencv-dev']).get('libopencv-dev');
}

function installedVersions(names) {
  const format = '${Package} ${Version} ${db:Status-Status}\\n';
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...names], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((line) => line.split(' '));
  return new Map(rows.filter(([, , status]) => status === 'installed').map(([name, version]) => [name, version]));
}

function install(missing) {
  const arguments_ = ['install', '-y', '--no-install-recommends', ...missing];
  const asRoot = rootPrefix();
  if (asRoot === undefined) {
    throw new SetupProblem(
      `Debian packages are missing, and neither root nor sudo without a password is at hand. Please run\n\n` +
        `  sudo apt-get update && sudo apt-get ${arguments_.join(' ')}\n\nand then the same npm command again.`,
    );
  }
  step(`installing Debian packages: ${missing.join(' ')}`, 'one to five minutes', () => {
    if (listsAreOld()) apt(asRoot, ['update']);
    try {
      apt(asRoot, arguments_);
    } catch {
      // The lists may name versions that the mirror no longer has.
      apt(asRoot, ['update']);
      apt(asRoot, arguments_);
    }
  });
}

function apt(asRoot, args) {
  const [program, ...rest] = [
    ...asRoot,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=300',
    ...args,
  ];
  run(program, rest);
}

/** The words to put before a command so that root runs it; undefined where there is no way to. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

function listsAreOld() {
  const lists = '/var/lib/apt/lists';
  const files = existsSync(lists) ? readdirSync(lists).filter((name) => /Packages|Release/.test(name)) : [];
  const newest = Math.max(0, ...files.map((name) => statSync(`${lists}/${name}`).mtimeMs));
  return Date.now() - newest > listsAreOldAfterMs;
}

/** Debian starts mosquitto on port 1883 as soon as it is installed, where `npm start` has a broker of its own. */
function quietMosquitto() {
  if (!existsSync('/run/systemd/system')) return;
  const [program, ...rest] = [...(rootPrefix() ?? []), 'systemctl', 'disable', '--now', 'mosquitto'];
  run(program, rest);
  process.stderr.write(
    'set-up: mosquitto is installed, its service is off (`npm start` has a broker of its own on the same port).\n' +
      'set-up: to have it on: sudo systemctl enable --now mosquitto\n',
  );
}

function notDebian() {
  return `this is not Debian, so nothing was installed. Roomwatch needs what Debian calls ${toRun.join(', ')}; OpenCV is not to be found:`;
}

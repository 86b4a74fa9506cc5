// podman, buildah and Compose v2 where no Docker engine is: installed, configured and spoken to.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is worth keeping between runs: base images, Compose. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'roomwatch-containers');

const tools = [
  ...['podman', 'buildah', 'crun', 'runc', 'fuse-overlayfs', 'slirp4netns', 'netavark', 'aardvark-dns', 'uidmap'],
  ...['mmdebstrap', 'catatonit', 'skopeo', 'iptables', 'nftables'],
];
const socket = join(cache, 'podman.sock');
const environment = {
  ...process.env,
  CONTAINERS_CONF: join(cache, 'containers.conf'),
  DOCKER_HOST: `unix://${socket}`,
  DOCKER_CONFIG: join(cache, 'docker'),
};

/** For a container that has nothing of this machine. */
export const clean = { CONTAINERS_CONF: join(cache, 'containers-apart.conf') };

/** Runs a program to its end and gives its output; a failure carries the end of what it said. */
export function run(program, args, { input, cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const options = { env: { ...environment, ...env }, cwd, maxBuffer: 1 << 28 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = `${stdout}${stderr}`.trimEnd().split('\n').slice(-25).join('\n');
      reject(new Error(`${program} ${args.join(' ')}\n${said}`));
    });
    child.stdin?.end(input);
  });
}

/** Starts a program that goes on. */
export function start(program, args, options = {}) {
  return spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'ignore'], ...options });
}

/** Installs what is missing, and starts the service that Compose talks to; the answer ends it. */
export async function openEngine() {
  mkdirSync(join(cache, 'docker'), { recursive: true });
  if (!existsSync('/usr/bin/buildah') || !existsSync('/usr/bin/mmdebstrap')) {
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...tools]);
  }
  writeFileSync(environment.CONTAINERS_CONF, containersConf(registrySettings()));
  writeFileSync(clean.CONTAINERS_CONF, containersConf([]));
  writeFileSync(join(cache, 'docker', 'config.json'), '{}\n');
  await fetchCompose();
  const service = start('podman', ['system', 'service', '--time=0', `unix://${socket}`], { stdio: 'ignore' });
  return { close: () => service.kill('SIGTERM') };
}

/** `docker compose …` in a directory. */
export function compose(directory, files, args, options = {}) {
  return run(composeProgram(), [...files.flatMap((file) => ['-f', file]), ...args], { cwd: directory, ...options });
}

/** The program behind `docker compose`, for a child that goes on. */
export function composeProgram() {
  return join(cache, 'compose', 'usr', 'libexec', 'docker', 'cli-plugins', 'docker-compose');
}

/**
 * This machine's settings for npm, for npm within a build. The certificates they name are mounted elsewhere: Debian's
 * ca-certificates cannot be installed over a mount.
 */
function registrySettings() {
  const [npmrc, certificates, elsewhere] = [
    '/usr/local/etc/npmrc',
    '/etc/ssl/certs/ca-certificates.crt',
    '/run/ca.crt',
  ];
  if (!existsSync(npmrc)) return [];
  const copy = join(cache, 'npmrc');
  writeFileSync(copy, readFileSync(npmrc, 'utf8').replaceAll(certificates, elsewhere));
  const mounted = existsSync(certificates) ? [`${certificates}:${elsewhere}:ro`] : [];
  return [`${copy}:${npmrc}:ro`, ...mounted];
}

// crun wants cgroups v2 alone; podman's own limits may be above what this machine grants.
function containersConf(mounts) {
  return `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
volumes = [${mounts.map((mount) => `"${mount}"`).join(', ')}]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
`;
}

/** Debian 13's Compose, taken out of its package without installing it. */
async function fetchCompose() {
  if (existsSync(composeProgram())) return;
  const home = join(cache, 'compose');
  for (const folder of ['parts', 'lists/partial', 'archives/partial'])
    mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, 'parts', 'trixie.sources'), debianSources('trixie'));
  const apart = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': join(home, 'parts'),
    'Dir::State::Lists': join(home, 'lists'),
    'Dir::Cache': home,
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(apart).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, 'update', '-qq']);
  await run('apt-get', [...options, 'download', 'docker-compose'], { cwd: home });
  const file = readdirSync(home).find((name) => name.endsWith('.deb'));
  await run('dpkg-deb', ['-x', join(home, file), home]);
  chmodSync(composeProgram(), 0o755);
}

/** Where a Debian release comes from. */
export function debianSources(suite) {
  const keys = 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg';
  return `Types: deb
URIs: http://deb.debian.org/debian
Suites: ${suite} ${suite}-updates
Components: main
${keys}

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: ${suite}-security
Components: main
${keys}
`;
}

// `npm run test:native [SEED]`: the addon's reader without Node.js under AddressSanitizer and UndefinedBehaviorSanitizer,
// over sound clips and 500 broken ones. Each has to end in frames or an error: no crash, no hang, no more than 300 MB.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breakClips } from './broken-clips.mjs';
import { makeClips } from './clips.mjs';

const here = import.meta.dirname;
const brokenClips = 500;
const clipsARun = 50;
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
const seed = Number(process.argv[2] ?? 1);
const asan = 'hard_rss_limit_mb=300:quarantine_size_mb=16:allocator_may_return_null=1';

const scratch = mkdtempSync(join(tmpdir(), 'roomwatch-native-'));
try {
  process.exitCode = test();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function test() {
  const { compiler, environment } = findSanitizers();
  if (compiler === undefined) return say('skipped: no compiler here has the sanitizers', 0);
  const program = compile(compiler);
  const decode = (paths) => spawnSync(program, paths, { env: environment, encoding: 'utf8', maxBuffer: 1 << 26 });
  const sound = makeClips(scratch);
  const silent = sound.filter((path) => !/^[1-9]/.test(decode([path]).stdout));
  if (silent.length > 0) return say(`sound clips without a frame: ${silent.join(' ')}`, 1);
  const broken = breakClips(sound, scratch, brokenClips, seed);
  const lines = [];
  for (let n = 0; n < broken.length; n += clipsARun) {
    const { stdout, stderr, status, signal } = decode(broken.slice(n, n + clipsARun));
    const ended = stdout.split('\n').filter(Boolean);
    lines.push(...ended);
    if (status !== 0) {
      const culprit = broken[n + ended.length] ?? 'after the last clip';
      return say(`seed ${seed}: ${culprit}: ${signal === 'SIGALRM' ? 'it hangs' : stderr || signal}`, 1);
    }
  }
  const errors = lines.filter((line) => line.startsWith('error')).length;
  return say(
    `${sound.length} sound clips, ${lines.length} broken ones (seed ${seed}): ${errors} ended in an error, the others in frames`,
    0,
  );
}

/** A compiler that offers them, and what its programs want. Finding leaks takes ptrace, which a container may forbid. */
function findSanitizers() {
  const program = join(scratch, 'empty');
  for (const compiler of ['g++', 'clang++']) {
    const built = spawnSync(compiler, ['-x', 'c++', ...sanitizers, '-', '-o', program], { input: 'int main() {}' });
    for (const leaks of built.status === 0 ? [1, 0] : []) {
      const environment = {
        ...process.env,
        ASAN_OPTIONS: `${asan}:detect_leaks=${leaks}`,
        UBSAN_OPTIONS: 'print_stacktrace=1',
      };
      if (spawnSync(program, { env: environment }).status === 0) return { compiler, environment };
    }
  }
  return {};
}

function compile(compiler) {
  const program = join(scratch, 'decode');
  const sources = ['test/decode.cc', 'video/pixels.cc', 'video/video-reader.cc'].map((file) => join(here, '..', file));
  const libraries = ['libavformat', 'libavcodec', 'libavutil', 'libswscale'];
  const found = spawnSync('pkg-config', ['--cflags', '--libs', ...libraries], { encoding: 'utf8' });
  const flags = found.stdout.trim().split(/\s+/);
  const built = spawnSync(compiler, ['-std=c++17', '-O1', '-g', ...sanitizers, ...sources, ...flags, '-o', program], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
  return program;
}

function say(words, status) {
  process.stdout.write(`${words}\n`);
  return status;
}

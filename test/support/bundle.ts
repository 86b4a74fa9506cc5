import { join } from 'node:path';
import { build } from 'esbuild';

/** Compiles one source file and what it imports into a module that a bare child process can run; answers its path. */
export async function bundle(source: string, dir: string): Promise<string> {
  const outfile = join(dir, 'bundle.mjs');
  await build({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile });
  return outfile;
}

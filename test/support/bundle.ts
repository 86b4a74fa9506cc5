import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A new folder within the checkout, where a bundle finds the packages and our addon. */
export async function folderInCheckout(): Promise<string> {
  const cache = join(process.cwd(), '.cache');
  await mkdir(cache, { recursive: true });
  return mkdtemp(join(cache, 'bundle-'));
}

/**
 * Compiles one source file and what it imports into a module that a bare child process can run; answers its path.
 * @param packages `external`: they stay outside, for a module within the checkout
 */
export async function bundle(source: string, dir: string, packages: 'bundle' | 'external' = 'bundle'): Promise<string> {
  const outfile = join(dir, 'bundle.mjs');
  const options = { bundle: true, platform: 'node', format: 'esm', target: 'node20', packages, outfile } as const;
  await build({ entryPoints: [source], ...options });
  return outfile;
}

import { existsSync } from 'node:fs';

/** Whether this process runs in a container: Docker and podman each leave a file, others set a variable. */
export function isInContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv') || Boolean(process.env['container']);
}

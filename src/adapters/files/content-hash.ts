import { hash } from 'node:crypto';

const blockBytes = 4 * 1024 * 1024;

/** Dropbox's content hash, 64 hex digits: SHA-256 over the SHA-256 digests of the content's 4 MiB blocks. */
export function contentHash(bytes: Uint8Array): string {
  const digests: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += blockBytes) {
    digests.push(hash('sha256', bytes.subarray(start, start + blockBytes), 'buffer'));
  }
  return hash('sha256', Buffer.concat(digests), 'hex');
}

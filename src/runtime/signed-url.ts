import { createHmac, timingSafeEqual } from 'node:crypto';

/** The result of `verifySignedUrl`. */
export type SignatureVerdict = 'ok' | 'expired' | 'forged';

/**
 * Signs a URL that is valid until `expires` (whole seconds since the Unix epoch): adds `expires`, then `signature`, an
 * HMAC-SHA-256 in hex of the whole URL before it (docs/contract.md §4).
 */
export function signUrl(url: string, secret: string, expires: number): string {
  const unsigned = `${url}?expires=${Math.floor(expires)}`;
  return `${unsigned}&signature=${hmac(unsigned, secret).toString('hex')}`;
}

/** Checks the signature of a whole URL in constant time; `expired` only if the signature is valid. */
export function verifySignedUrl(url: string, secret: string, nowSeconds: number): SignatureVerdict {
  const parts = /^(.+\?expires=(\d{1,15}))&signature=([0-9a-f]{64})$/.exec(url);
  const [, unsigned, expires, signature] = parts ?? [];
  if (unsigned === undefined || signature === undefined) return 'forged';
  if (!timingSafeEqual(Buffer.from(signature, 'hex'), hmac(unsigned, secret))) return 'forged';
  return Number(expires) < nowSeconds ? 'expired' : 'ok';
}

function hmac(text: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/** The HMAC-SHA-256 of a text, in hex. */
export function hmacOf(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Whether `signature` is the `hmacOf` the text; takes the same time whichever of its digits is wrong. */
export function isHmacOf(signature: unknown, text: string, secret: string): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(hmacOf(text, secret)));
}

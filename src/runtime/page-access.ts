import { hmacOf, isHmacOf } from './hmac.js';

/** A token that opens one room's detector to the page of all rooms, which has checked the login. The header is `roomwatch-page`. */
export function grantPageAccess(room: string, secret: string, now: number): string {
  const expires = Math.ceil(now) + accessSeconds;
  return `${expires}.${hmacOf(textOf(room, expires), secret)}`;
}

/** Whether the page of all rooms made this token for this room, within the last minutes. */
export function isPageAccess(token: string, room: string, secret: string, now: number): boolean {
  const [expires = '', signature = ''] = token.split('.');
  const isTimely = Number(expires) > now && Number(expires) <= now + 2 * accessSeconds;
  return isTimely && isHmacOf(signature, textOf(room, Number(expires)), secret);
}

/** Long enough for clocks that differ by minutes. */
const accessSeconds = 600;

function textOf(room: string, expires: number): string {
  return `page ${room} ${expires}`;
}

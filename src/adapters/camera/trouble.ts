import { adviseOnHost } from '../../domain/host-advice.js';
import { isInContainer } from '../files/in-container.js';

/** The camera refuses user name or password: it is asked again after minutes only, since cameras lock accounts. */
export class LoginRefusedError extends Error {}

/** What is wrong with a camera begins with its name, host and port; the messages of the errors below continue it. */
export function withName(url: URL, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const Kind = cause instanceof LoginRefusedError ? LoginRefusedError : Error;
  return new Kind(`${cameraName(url)} ${why}`, { cause });
}

/**
 * Makes the error for the status that a camera answers with (HTTP, or RTSP as RFC 2326 §7.1.1 has it) instead of video.
 * @param hasLogin whether the address holds a user name or a password
 */
export function statusError(status: number, hasLogin: boolean): Error {
  if (status === 401 && !hasLogin) {
    return new LoginRefusedError(
      `asks for a user name and a password (401): write them before the host, as in rtsp://user:password@host/path`,
    );
  }
  if (status === 401 || status === 403) {
    const what = hasLogin ? 'refuses this user name or password' : 'lets nobody in without a user name and a password';
    return new LoginRefusedError(
      `${what} (${status}): correct them; the next attempt is in minutes, because cameras lock accounts`,
    );
  }
  return new Error(meanings[status] ?? generally(status));
}

const meanings: Readonly<Record<number, string>> = {
  404: 'has no such stream (404): check the path of the address; it depends on the make of the camera',
  410: 'has no such stream any more (410): check the path of the address',
  429: 'has too many requests (429): end other programs that use this camera',
  453: 'has no place for one more viewer (453): end other programs that watch it, or use its second stream',
  454: 'ended the session (454): other programs may have taken its place',
  461: 'does not send over this transport (461): set camera.transport to the other one, tcp or udp',
  503: 'has no place for one more viewer, or is not ready yet (503): end other programs that watch it, or restart it',
};

function generally(status: number): string {
  if (status >= 500) return `reports a fault of its own (${status}): restart it, or check the path of the address`;
  return `refuses the request (${status}): check the path of the address`;
}

/** What to do about a camera whose first picture comes late: a decoder can begin only with a key frame. */
export const keyFrameAdvice =
  'in the camera, set the key-frame (I-frame) interval to 1 or 2 seconds, and switch off its "smart codec" (H.264+, H.265+)';

/** What is wrong with a camera that sends packets, but no frame for a long time. */
export const noKeyFrame = `sends video, but no key frame yet: ${keyFrameAdvice}`;

function cameraName(url: URL): string {
  const port = url.port === '' ? usualPorts[url.protocol] : url.port;
  return port === undefined ? url.hostname : `${url.hostname}:${port}`;
}

const usualPorts: Readonly<Record<string, string>> = {
  'rtsp:': '554',
  'rtsps:': '322',
  'http:': '80',
  'https:': '443',
  'rtmp:': '1935',
};

/** The error for a camera that cannot be connected to; `why` is a code such as ECONNREFUSED, or a few words. */
export function unreachableError(url: URL, why: string, cause: unknown): Error {
  const unknownName = /^(?:ENOTFOUND|EAI_)/.test(why) ? 'the name is not known; check it, or write its IP address' : '';
  const advice = adviseOnHost(url.hostname, why, isInContainer()) ?? unknownName;
  return new Error(`does not answer (${why})${advice === '' ? '' : `: ${advice}`}`, { cause });
}

/** Whether the address holds a user name or a password. */
export function hasLogin(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

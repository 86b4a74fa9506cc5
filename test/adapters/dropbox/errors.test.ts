import { DropboxResponseError } from 'dropbox';
import { expect, test } from 'vitest';
import { FetchError } from '../../../src/async/bounded-fetch.js';
import { concernsAll, troubleOf, troubleOfEntry } from '../../../src/adapters/dropbox/errors.js';

const path = (reason: object) => ({ error_summary: 'not/to/be/read/..', error: { '.tag': 'path', reason } });
const oauth = { error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' };

// an answer of Dropbox, and the outcome for the picture
const cases: readonly [number, Record<string, string>, unknown, object][] = [
  [400, {}, 'Error in call to API function "files/upload": bad path', { why: 'refused', code: 'bad_request' }],
  [400, {}, '<html>Bad request</html>', { why: 'refused', code: 'proxy' }],
  [
    400,
    {},
    'Error in call to API function "files/upload": The given OAuth 2 access token is malformed.',
    { why: 'auth' },
  ],
  [400, {}, 'Invalid authorization value in HTTP header "Authorization": "Bearer".', { why: 'auth' }],
  [400, {}, oauth, { why: 'auth', code: 'invalid_grant' }],
  [401, {}, { error: { '.tag': 'expired_access_token' } }, { why: 'auth', code: 'expired_access_token' }],
  [401, {}, { error: { '.tag': 'user_suspended' } }, { why: 'auth', code: 'user_suspended' }],
  [401, {}, '<html>', { why: 'auth', code: 'access_denied' }],
  [403, {}, '<html>Forbidden</html>', { why: 'refused', code: 'proxy' }],
  [422, {}, { error: { '.tag': 'invalid_root' } }, { why: 'refused', code: 'path_root' }],
  [403, {}, { error: { '.tag': 'no_permission' } }, { why: 'auth', code: 'no_permission' }],
  [409, {}, path({ '.tag': 'conflict', conflict: { '.tag': 'file' } }), { kind: 'refused', code: 'conflict' }],
  [
    409,
    {},
    path({ '.tag': 'conflict', conflict: { '.tag': 'file_ancestor' } }),
    { why: 'refused', code: 'blocked_folder' },
  ],
  [409, {}, path({ '.tag': 'malformed_path', malformed_path: 'why' }), { kind: 'refused', code: 'malformed_path' }],
  [409, {}, path({ '.tag': 'disallowed_name' }), { kind: 'refused', code: 'disallowed_name' }],
  [409, {}, path({ '.tag': 'insufficient_space' }), { why: 'no_space' }],
  [409, {}, path({ '.tag': 'member_folder_insufficient_space' }), { why: 'no_space' }],
  [409, {}, path({ '.tag': 'upload_traffic_limit_reached' }), { why: 'no_space' }],
  [409, {}, path({ '.tag': 'no_write_permission' }), { why: 'auth' }],
  [409, { 'Retry-After': '4' }, path({ '.tag': 'too_many_write_operations' }), { why: 'busy', waitSeconds: 4 }],
  [409, {}, { error: { '.tag': 'payload_too_large' } }, { kind: 'refused', code: 'payload_too_large' }],
  [409, {}, { error: { '.tag': 'content_hash_mismatch' } }, { kind: 'refused', code: 'hash_mismatch' }],
  [409, {}, path({ '.tag': 'other' }), { why: 'unreachable', code: 'unknown_error' }],
  [409, {}, { error: { '.tag': 'a\nlog line' } }, { why: 'unreachable', code: 'unknown_error' }],
  [400, {}, { error: 'x'.repeat(1000) }, { why: 'refused', code: 'bad_request' }],
  [400, {}, 'two\r\nlines', { why: 'refused', message: expect.stringContaining('two lines') as string }],
  [401, {}, { error: { '.tag': 'x'.repeat(1000) } }, { why: 'auth', code: 'access_denied' }],
  [409, {}, 'not even JSON', { why: 'unreachable', code: 'unknown_error' }],
  [413, {}, '<html>', { why: 'refused', code: 'payload_too_large' }],
  [
    429,
    {},
    { error: { reason: { '.tag': 'too_many_requests' }, retry_after: 300 } },
    { why: 'busy', waitSeconds: 300 },
  ],
  [429, { 'Retry-After': '0' }, '', { why: 'busy', waitSeconds: 1 }],
  [429, { 'Retry-After': 'soon' }, '', { why: 'busy', waitSeconds: 1 }],
  [429, { 'Retry-After': '-5' }, '', { why: 'busy', waitSeconds: 1 }],
  [429, { 'Retry-After': '99999999' }, '', { why: 'busy', waitSeconds: 3600 }],
  [429, { 'Retry-After': 'Thu, 01 Jan 1970 00:00:00 GMT' }, '', { why: 'busy', waitSeconds: 1 }],
  [500, {}, '<html>', { why: 'unreachable', code: 'http_500' }],
  [502, {}, '', { why: 'unreachable', code: 'http_502' }],
  [503, { 'Retry-After': '60' }, '', { why: 'unreachable', waitSeconds: 60 }],
  [404, {}, '', { why: 'unreachable', code: 'http_404' }],
];

test.each(cases)('%i %j %j', (status, headers, body, expected) => {
  const trouble = troubleOf(new DropboxResponseError(status, new Headers(headers), body));
  expect(trouble).toMatchObject('why' in expected ? { kind: 'later', ...expected } : expected);
  expect(trouble.message).not.toContain('not/to/be/read');
});

test('there is no waiting time without Retry-After, except after a request for a pause', () => {
  expect(troubleOf(new DropboxResponseError(503, new Headers(), ''))).not.toHaveProperty('waitSeconds');
});

test('without an answer the picture is kept; any other error is a bug', () => {
  expect(troubleOf(new FetchError('ECONNRESET', 'cut', false))).toMatchObject({
    why: 'unreachable',
    code: 'ECONNRESET',
  });
  expect(() => troubleOf(new TypeError('x is not a function'))).toThrow(TypeError);
});

const entries = [
  [
    { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'file' } } },
    { kind: 'refused', code: 'conflict' },
    false,
  ],
  [{ '.tag': 'path', path: { '.tag': 'insufficient_space' } }, { why: 'no_space' }, true],
  [{ '.tag': 'too_many_write_operations' }, { why: 'busy', waitSeconds: 1 }, true],
  [{ '.tag': 'content_hash_mismatch' }, { kind: 'refused', code: 'hash_mismatch' }, false],
  [
    { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_found' } },
    { why: 'unreachable', code: 'unknown_error' },
    false,
  ],
  [undefined, { why: 'unreachable', code: 'unknown_error' }, false],
] as const;

test.each(entries)('the entry %j of a batch', (failure, expected, everybodys) => {
  const trouble = troubleOfEntry(failure);
  expect(trouble).toMatchObject(expected);
  expect(concernsAll(trouble)).toBe(everybodys);
});

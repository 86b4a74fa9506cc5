import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import {
  archivePath,
  checkArchivePattern,
  checkBasePath,
  otherArchivePath,
} from '../../../src/domain/uploads/archive-path.js';

const receipt = { id: '0193b2a4-7c00-7abc-8def-0123456789ab', room: 'kitchen', taken_at: '2026-11-22T10:15:30.123Z' };

const paths = [
  ['{room}/{date}/{time}-{id}.jpg', '/kitchen/2026-11-22/10-15-30.123Z-0193b2a4-7c00-7abc-8def-0123456789ab.jpg'],
  ['/Fotos/{id}.jpg', '/Fotos/0193b2a4-7c00-7abc-8def-0123456789ab.jpg'],
  ['{id}/{id}', '/0193b2a4-7c00-7abc-8def-0123456789ab/0193b2a4-7c00-7abc-8def-0123456789ab'],
  ['tutorial', '/Sunday 22 November 2026 10:15:30AM.jpg'],
] as const;

test.each(paths)('%s is filled in', (pattern, expected) => {
  expect(checkArchivePattern(pattern)).toBeUndefined();
  expect(archivePath(pattern, receipt)).toBe(expected);
});

test("only the tutorial's names have another path", () => {
  expect(otherArchivePath('{id}.jpg', receipt)).toBeUndefined();
  expect(otherArchivePath('tutorial', receipt)).toBe('/Sunday 22 November 2026 10:15:30AM 0123456789ab.jpg');
});

const wrong = [
  ['{room}/{time}.jpg', /must contain \{id\}/],
  ['{id}/{camera}.jpg', /unknown placeholder \{camera\}/],
  ['{id}}.jpg', /unknown placeholder \}/],
  ['{id', /must contain \{id\}/],
  ['{id}{', /unknown placeholder \{/],
  ['../{id}.jpg', /must not contain "\.\."/],
  ['a/../{id}.jpg', /must not contain "\.\."/],
  ['./{id}.jpg', /must not contain "\."/],
  ['a//{id}.jpg', /empty folder name/],
  ['//{id}.jpg', /empty folder name/],
  ['{id}/', /empty folder name/],
  ['a\\{id}.jpg', /control characters/],
  ['{time}:{id}.jpg', /control characters/],
  ['{id}\n.jpg', /control characters/],
  ['\ud800{id}.jpg', /control characters/],
  ['{id}.', /ends with a space or a dot/],
  [' {id}.jpg', /begins with a space/],
  [`${'ü'.repeat(90)}{id}.jpg`, /too long/],
  [`${'a/'.repeat(120)}{id}.jpg`, /too long/],
] as const;

test.each(wrong)('the pattern %j is refused', (pattern, problem) => {
  expect(checkArchivePattern(pattern)).toMatch(problem);
});

const bases = [
  ['', undefined],
  ['/', undefined],
  ['apps/roomwatch', undefined],
  ['/Apps/Room watch/', undefined],
  ['a/../b', /must not contain/],
  ['a//b', /empty folder name/],
  ['C:\\pictures', /control characters/],
] as const;

test.each(bases)('the base path %j', (path, problem) => {
  if (problem === undefined) expect(checkBasePath(path)).toBeUndefined();
  else expect(checkBasePath(path)).toMatch(problem);
});

const taken = fc.record({
  id: fc.uuid({ version: 7 }),
  room: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,31}$/),
  taken_at: fc
    .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
});
const piece = fc.oneof(
  fc.constantFrom(
    '{id}',
    '{room}',
    '{date}',
    '{time}',
    '/',
    '..',
    '.',
    '{',
    '}',
    '-',
    ' ',
    '\\',
    ':',
    '\u0000',
    'é',
    '🏠',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

test('every accepted pattern gives safe, distinct and repeatable paths', () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(pattern, fc.constant('{room}/{date}/{time}-{id}.jpg')), taken, taken, (text, one, two) => {
      if (checkArchivePattern(text) !== undefined) return;
      accepted += 1;
      const path = archivePath(text, one);
      expect(path).toBe(archivePath(text, { ...one }));
      expect(path).toMatch(/^\/[^\\<>:"|?*\p{Cc}\p{Cs}]+$/u);
      for (const name of path.slice(1).split('/')) expect(['', '.', '..']).not.toContain(name);
      expect(path.length).toBeLessThan(255);
      if (one.id !== two.id) expect(archivePath(text, two)).not.toBe(path);
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test('the tutorial pattern keeps two pictures of one second apart', () => {
  fc.assert(
    fc.property(taken, fc.uuid({ version: 7 }), (one, id) => {
      fc.pre(id.slice(-12) !== one.id.slice(-12));
      expect(otherArchivePath('tutorial', { ...one, id })).not.toBe(otherArchivePath('tutorial', one));
    }),
  );
});

import { expect, test } from 'vitest';
import { isSignedAnswer, signAnswer } from '../../src/runtime/signed-answer.js';

const answer = { status: 410, room: 'kitchen', id: '0193b3a0-0000-7000-8000-000000000000' };
const archived = { ...answer, archivedIn: 'dropbox' } as const;
const signature = signAnswer(answer, 'secret');

const cases = [
  ['as signed', answer, signature, 'secret', true],
  ['with another status', { ...answer, status: 404 }, signature, 'secret', false],
  ['of the detector of another room that has the same secret', { ...answer, room: 'hall' }, signature, 'secret', false],
  ['about another picture', { ...answer, id: answer.id.replace('0193', '0194') }, signature, 'secret', false],
  ['that says it is archived', archived, signature, 'secret', false],
  ['that says it is archived, as signed', archived, signAnswer(archived, 'secret'), 'secret', true],
  [
    'that says it is archived elsewhere',
    { ...archived, archivedIn: 'folder' },
    signAnswer(archived, 'secret'),
    'secret',
    false,
  ],
  ['with another secret', answer, signature, 'other', false],
  ['without a signature', answer, null, 'secret', false],
  ['with a short signature', answer, signature.slice(1), 'secret', false],
] as const;
test.each(cases)('an answer %s', (_, given, header, secret, valid) => {
  expect(isSignedAnswer(given, header, secret)).toBe(valid);
});

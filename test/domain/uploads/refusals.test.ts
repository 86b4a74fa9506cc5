import { expect, test } from 'vitest';
import type { DepositOutcome } from '../../../src/domain/uploads/archive.js';
import { judgeRefusals, noRefusals } from '../../../src/domain/uploads/refusals.js';

const outcomes: Readonly<Record<string, DepositOutcome>> = {
  stored: { kind: 'stored', path: '/a.jpg', contentHash: 'x' },
  name: { kind: 'refused', code: 'disallowed_name', message: 'm' },
  hash: { kind: 'refused', code: 'hash_mismatch', message: 'm' },
  blocked: { kind: 'later', why: 'refused', code: 'blocked_folder', message: 'm', onlyThis: true },
  full: { kind: 'later', why: 'no_space', code: 'full', message: 'm' },
};

/** Each round lists its answers as `picture:outcome`; gives the verdicts, `+` for stored, `x` for ended, `?` for one, `!` for all. */
function judge(...rounds: string[]): string[] {
  let refusals = noRefusals;
  return rounds.map((round) => {
    const answers = round.split(' ').map((answer) => {
      const [id = '', outcome = ''] = answer.split(':');
      return { id, outcome: outcomes[outcome]! };
    });
    const [after, judged] = judgeRefusals(refusals, answers);
    refusals = after;
    return judged
      .map((outcome) => {
        if (outcome.kind === 'stored') return '+';
        return outcome.kind === 'refused' ? 'x' : outcome.onlyThis === true ? '?' : '!';
      })
      .join('');
  });
}

const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['the first refusal ends nothing', ['a:name'], ['?']],
  ['nor does a second one, if nothing else went through', ['a:name', 'a:name', 'a:name'], ['?', '?', '?']],
  ['one picture ends after others went through', ['a:name', 'b:stored', 'a:name'], ['?', '+', 'x']],
  ['what went through before proves nothing', ['b:stored', 'a:name', 'a:name'], ['+', '?', '?']],
  ['two in a row are the fault of the account', ['a:name b:name'], ['!!']],
  ['also in different rounds', ['a:name', 'b:name', 'a:name'], ['?', '!', '!']],
  ['and after others went through', ['a:name', 'c:stored', 'b:name a:name'], ['?', '+', '!!']],
  ['another reason is no row', ['a:name b:hash'], ['??']],
  ['another reason than before is a first refusal', ['a:name', 'b:stored', 'a:hash'], ['?', '+', '?']],
  ['a blocked folder never ends a picture', ['a:blocked', 'b:stored', 'a:blocked'], ['?', '+', '?']],
  [
    'two bad pictures end one by one',
    ['a:name', 'b:name', 'c:stored', 'a:name', 'd:stored', 'b:name'],
    ['?', '!', '+', 'x', '+', 'x'],
  ],
  ['trouble of all stays what it is', ['a:name b:full', 'a:name'], ['?!', '?']],
];
test.each(cases)('%s', (_, rounds, verdicts) => {
  expect(judge(...rounds)).toEqual(verdicts);
});

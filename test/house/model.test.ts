import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const models = join(import.meta.dirname, '..', '..', 'assets', 'models');
const rows = [
  ...readFileSync(join(models, 'README.md'), 'utf8').matchAll(/^\| `(.+)` \| ([\d,]+) \| `([0-9a-f]{64})` \|$/gm),
];

test.each(rows.map(([, file = '', bytes = '', sha256 = '']) => ({ file, bytes, sha256 })))(
  '$file is the file that its README describes',
  ({ file, bytes, sha256 }) => {
    const content = readFileSync(join(models, file));
    expect(content.length.toLocaleString('en-US')).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  },
);

test('the README describes both files of the model', () => expect(rows).toHaveLength(2));

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'packaging', 'systemd');
const units = readdirSync(folder).filter((name) => name.endsWith('.service'));

test.each(units)('%s starts the command of the Debian package, with its configuration', (name) => {
  const unit = readFileSync(join(folder, name), 'utf8');
  const command = /^ExecStart=(\S+) (\S+) --conf (\S+)/m.exec(unit)?.slice(1);
  expect(command).toEqual(['/usr/bin/roomwatch', expect.any(String), '/etc/roomwatch/roomwatch.yaml']);
  expect(readFileSync(join(root, 'src', 'cli.ts'), 'utf8')).toContain(`'${command?.[1]}`);
  expect(/^Documentation=(.*)$/m.exec(unit)?.[1]).toBe('file:///usr/share/doc/roomwatch/README.md');
});

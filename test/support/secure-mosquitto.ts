import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.js';

const examples = join(import.meta.dirname, '../../examples/mosquitto');
const users = ['detector-kitchen', 'uploader', 'homeassistant', 'kitchen-display'];

/** Mosquitto as `examples/mosquitto` has it, with an authority and certificates made for the test. */
export async function openSecureMosquitto() {
  const dir = mkdtempSync(join(tmpdir(), 'roomwatch-secure-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    );
  authority('ca');
  authority('other-ca');
  writeFileSync(join(dir, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost');
  for (const name of ['broker', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
  }
  const password = (user: string) => `password-of-${user}`;
  writeFileSync(join(dir, 'passwords'), users.map((user) => `${user}:${password(user)}\n`).join(''));
  execFileSync('mosquitto_passwd', ['-U', 'passwords'], { cwd: dir });
  copyFileSync(join(examples, 'access'), join(dir, 'access'));
  const port = await freePort();
  const lines = readFileSync(join(examples, 'mosquitto.conf'), 'utf8').replace('listener 8883', `listener ${port}`);
  writeFileSync(join(dir, 'mosquitto.conf'), `${lines}user root\npersistence_location ${dir}/\n`);

  const broker = spawn('mosquitto', ['-c', 'mosquitto.conf'], { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    broker.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  const log: string[] = [];
  for await (const line of createInterface({ input: broker.stderr })) {
    log.push(line);
    if (/ running$/.test(line)) break;
  }
  if (!log.at(-1)?.endsWith('running')) throw new Error(`mosquitto did not start: ${log.slice(-3).join(' | ')}`);
  broker.stderr.resume();
  const file = (name: string) => join(dir, name);
  return { url: `mqtts://127.0.0.1:${port}`, file, password };
}

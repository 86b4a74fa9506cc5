// Programs of another architecture, run by QEMU's user emulation.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { run } from './engine.mjs';

const registrations = '/proc/sys/fs/binfmt_misc';
const emulators = {
  arm64: { name: 'qemu-aarch64', machine: 0xb7 },
  amd64: { name: 'qemu-x86_64', machine: 0x3e },
};

/** Installs QEMU and tells the kernel to run programs of that architecture with it, if it does not yet. */
export async function ensureEmulation(architecture) {
  const { name, machine } = emulators[architecture];
  const program = `/usr/bin/${name}-static`;
  if (!existsSync(program)) {
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'qemu-user-static']);
  }
  if (readdirSync(registrations).length === 0) await run('mount', ['-t', 'binfmt_misc', 'binfmt_misc', registrations]);
  if (existsSync(`${registrations}/${name}`)) return;
  writeFileSync(`${registrations}/register`, registration(name, machine, program));
}

/**
 * As the kernel wants it (binfmt-misc.rst): programs that begin as a 64-bit ELF of that machine. F: the emulator is opened now,
 * so that a container need not have it.
 */
function registration(name, machine, program) {
  const magic = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array(9).fill(0), 2, 0, machine, 0];
  // Any system (byte 7), and position-independent programs, too (byte 16).
  const mask = magic.map((_, at) => ({ 7: 0, 16: 0xfe })[at] ?? 0xff);
  const escaped = (bytes) => bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return `:${name}:M::${escaped(magic)}:${escaped(mask)}:${program}:F`;
}

import { install, type Installation } from './installation.js';
import { findPython } from './python.js';

/** Home Assistant, ready to run; undefined, after a line that says why, where it cannot be had on this machine. */
export async function prepare(): Promise<Installation | undefined> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const python = await findPython();
  if (python === undefined) {
    say('skipped: Home Assistant with device discovery needs Python 3.12 or newer, and none was found');
    return undefined;
  }
  say(`with Python ${python.version.join('.')} (${python.path}); the first time Home Assistant is installed, minutes`);
  try {
    const installation = await install(python);
    say(`Home Assistant ${installation.release}`);
    return installation;
  } catch (cause) {
    say(`skipped: Home Assistant could not be installed from PyPI: ${String(cause).split('\n')[0]}`);
    return undefined;
  }
}

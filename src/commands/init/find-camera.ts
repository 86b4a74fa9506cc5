import { findCameras, streamAddress } from '../../adapters/onvif/cameras.js';
import { addLogin } from '../../runtime/address.js';
import { askIfAny, askSecret, confirm, type Interview } from './interview.js';

/** Looks for cameras in the network, if the user wants that, and gives the address of the one that the user chooses. */
export async function findCamera(interview: Interview): Promise<string | undefined> {
  const { dialog, yes, signal } = interview;
  if (yes || !(await confirm(interview, 'Look for ONVIF cameras in the network (4 s)?', true))) return undefined;
  const found = await findCameras(signal);
  if (found.length === 0) {
    dialog.say('  No camera answers. Some cameras answer only after ONVIF has been switched on in their settings.');
    return undefined;
  }
  found.forEach(({ name, host }, index) => dialog.say(`  ${index + 1}  ${name} (${host})`));
  const choice = await askIfAny(interview, 'Number of the camera (Enter: none of them)');
  const camera = found[Number(choice) - 1];
  if (camera === undefined) return undefined;
  const username = await askIfAny(interview, 'User name at the camera (Enter: none)');
  const password = username === undefined ? undefined : await askSecret(interview, 'Password');
  try {
    const address = await streamAddress({ service: camera.service, username, password }, signal);
    return username === undefined ? address : addLogin(address, username, password ?? '');
  } catch (error) {
    signal.throwIfAborted();
    dialog.say(`  The camera does not tell the address of its picture: ${(error as Error).message}`);
    return undefined;
  }
}

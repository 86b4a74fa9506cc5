// Builds what is native alone, as an image needs it: OpenCV without windows. Debian's packages have to be there.
import { ensureAddon } from './setup/addon.mjs';
import { ensureBinding } from './setup/binding.mjs';
import { opencvVersion } from './setup/debian.mjs';

ensureAddon();
ensureBinding(opencvVersion(), { full: false });

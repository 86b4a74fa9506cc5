// Builds the OpenCV binding alone, as an image needs it: without the window. Debian's packages have to be there.
import { ensureBinding } from './setup/binding.mjs';
import { opencvVersion } from './setup/debian.mjs';

ensureBinding(opencvVersion(), { window: false });

import type { Said, Section } from './keys.js';

// The tutorial's names and ours.
const sameMeaning: Readonly<Record<string, string>> = {
  show_video: 'display',
  dropbox_access_token: 'dropbox.access_token',
  dropbox_base_path: 'dropbox.base_path',
  min_upload_seconds: 'snapshots.min_upload_seconds',
  min_motion_frames: 'motion.min_motion_frames',
  camera_warmup_time: 'camera.warmup_seconds',
  delta_thresh: 'motion.delta_thresh',
  resolution: 'camera.resolution',
  fps: 'camera.fps',
  min_area: 'motion.min_area',
};

// Names nobody writes by mistake for one of ours, as a bare `min_area` might be.
const telling = ['show_video', 'use_dropbox', 'dropbox_access_token', 'dropbox_base_path', 'camera_warmup_time'];

/** Whether a file is the `conf.json` of the tutorial (PyImageSearch, "Home surveillance and motion detection"). */
export function isTutorialConfig(tree: Section): boolean {
  return telling.some((name) => name in tree);
}

/**
 * Takes the tutorial's keys out of a file and says them in ours: its algorithm, its names for pictures, the Pi's own camera.
 * What is left of the file (a section `mqtt`, say) is given back as it is and counts more.
 */
export function fromTutorial(tree: Section): { said: Map<string, Said>; rest: Section; problems: string[] } {
  const use = tree['use_dropbox'];
  const said = new Map<string, Said>([
    ['motion.detector', { value: 'tutorial' }],
    ['camera.source', { value: 'rpicam' }],
    ['archive.kind', { value: use === true ? 'dropbox' : 'folder' }],
    ['archive.path', { value: 'tutorial' }],
  ]);
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    const path = sameMeaning[key];
    if (path !== undefined) {
      if (value !== null) said.set(path, { value, origin: key });
    } else if (key !== 'use_dropbox') {
      rest[key] = value;
    }
  }
  const wrong = use !== undefined && typeof use !== 'boolean';
  return { said, rest, problems: wrong ? ['use_dropbox: must be true or false'] : [] };
}

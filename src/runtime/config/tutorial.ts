import type { ConfigValue, Section } from './keys.js';

// The tutorial's keys, and the keys of this program with the same meaning.
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

// Keys that cannot be a misplaced key of this program, as `min_area` without its section might be.
const distinctive = ['show_video', 'use_dropbox', 'dropbox_access_token', 'dropbox_base_path', 'camera_warmup_time'];

/** Whether a file is the `conf.json` of the tutorial (PyImageSearch, "Home surveillance and motion detection"). */
export function isTutorialConfig(tree: Section): boolean {
  return distinctive.some((name) => name in tree);
}

/**
 * Translates the tutorial's keys into ours, and adds its algorithm, its names for pictures and the Pi's own camera. The
 * rest of the file (for example a section `mqtt`) is returned unchanged and takes precedence.
 */
export function fromTutorial(tree: Section): { values: Map<string, ConfigValue>; rest: Section; problems: string[] } {
  const use = tree['use_dropbox'];
  const values = new Map<string, ConfigValue>([
    ['motion.detector', { value: 'tutorial' }],
    ['camera.source', { value: 'rpicam' }],
    ['archive.kind', { value: use === true ? 'dropbox' : 'folder' }],
    ['archive.path', { value: 'tutorial' }],
  ]);
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    const path = sameMeaning[key];
    if (path !== undefined) {
      if (value !== null) values.set(path, { value, origin: key });
    } else if (key !== 'use_dropbox') {
      rest[key] = value;
    }
  }
  const wrong = use !== undefined && typeof use !== 'boolean';
  return { values, rest, problems: wrong ? ['use_dropbox: must be true or false'] : [] };
}

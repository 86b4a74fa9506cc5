import type { ConfigValue } from './keys.js';
import { isSection, type Section } from './section.js';

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

// Of the tutorial's first edition; Dropbox's present login (OAuth 2) has no use for them.
const passedOver = ['dropbox_key', 'dropbox_secret'];

/** The key of this program that a key of the tutorial stands for, if any. */
export function meaningInTutorial(name: string): string | undefined {
  return Object.hasOwn(sameMeaning, name) ? sameMeaning[name] : undefined;
}

/** An entry of `rooms` with the tutorial's keys translated. */
export function inTutorialWords(entry: Section): Section {
  const tree: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    const [section = key, name] = (meaningInTutorial(key) ?? key).split('.');
    const inner = tree[section];
    if (name === undefined) tree[section] = isSection(value) && isSection(inner) ? { ...inner, ...value } : value;
    else tree[section] = isSection(inner) ? { [name]: value, ...inner } : { [name]: value };
  }
  return tree;
}

/** Whether a file is the `conf.json` of the tutorial (PyImageSearch, "Home surveillance and motion detection"). */
export function isTutorialConfig(tree: Section): boolean {
  return [...distinctive, ...passedOver].some((name) => Object.hasOwn(tree, name));
}

/** The tutorial's configuration in the words of this program. */
export type Tutorial = {
  readonly values: Map<string, ConfigValue>;
  readonly rest: Section;
  readonly problems: string[];
  readonly advice: string[];
};

/**
 * Translates the tutorial's keys into ours, and adds its algorithm, its names for pictures and the Pi's own camera. The
 * rest of the file (for example a section `mqtt`) is returned unchanged and takes precedence. `advice` says what is passed
 * over, and how to log in to Dropbox instead.
 */
export function fromTutorial(tree: Section): Tutorial {
  const use = tree['use_dropbox'];
  const values = new Map<string, ConfigValue>([
    ['motion.detector', { value: 'tutorial' }],
    ['camera.source', { value: 'rpicam' }],
    ['archive.kind', { value: use === true ? 'dropbox' : 'folder' }],
    ['archive.path', { value: 'tutorial' }],
  ]);
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    const path = meaningInTutorial(key);
    if (path !== undefined) {
      if (value !== null) values.set(path, { value, origin: key });
    } else if (key !== 'use_dropbox' && !passedOver.includes(key)) {
      rest[key] = value;
    }
  }
  const wrong = use !== undefined && typeof use !== 'boolean';
  return { values, rest, problems: wrong ? ['use_dropbox: must be true or false'] : [], advice: adviceFor(tree) };
}

function adviceFor(tree: Section): string[] {
  const names = passedOver.filter((name) => Object.hasOwn(tree, name)).join(' and ');
  if (names === '') return [];
  return [
    `${names}: passed over, since a key and a secret alone do not log in to Dropbox any more; ` +
      'to use Dropbox, run: roomwatch login dropbox',
  ];
}

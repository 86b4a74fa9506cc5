import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/runtime/config/config.js';
import { configOf, problemsOf, temporaryFile } from '../../support/config-file.js';

const published = `{
	"show_video": true,
	"use_dropbox": true,
	"dropbox_access_token": "YOUR_DROPBOX_KEY",
	"dropbox_base_path": "YOUR_DROPBOX_PATH",
	"min_upload_seconds": 3.0,
	"min_motion_frames": 8,
	"camera_warmup_time": 2.5,
	"delta_thresh": 5,
	"resolution": [640, 480],
	"fps": 16,
	"min_area": 5000
}`;

test("the tutorial's conf.json is a valid configuration with the same meaning", () => {
  expect(configOf(published, {}, 'conf.json')).toMatchObject({
    display: true,
    camera: { source: 'rpicam', resolution: [640, 480], fps: 16, warmup_seconds: 2.5 },
    motion: { detector: 'tutorial', delta_thresh: 5, min_area: 5000, min_motion_frames: 8 },
    snapshots: { min_upload_seconds: 3 },
    archive: { kind: 'dropbox', path: 'tutorial' },
    dropbox: { access_token: 'YOUR_DROPBOX_KEY', base_path: 'YOUR_DROPBOX_PATH' },
  });
});

test('its values differ from the defaults', () => {
  const other = published
    .replace('"fps": 16', '"fps": 4')
    .replace('2.5', '1')
    .replace('"delta_thresh": 5', '"delta_thresh": 7');
  expect(configOf(other, {}, 'conf.json')).toMatchObject({
    camera: { fps: 4, warmup_seconds: 1 },
    motion: { delta_thresh: 7 },
  });
});

test('without Dropbox the pictures go to the folder', () => {
  expect(configOf(published.replace('"use_dropbox": true', '"use_dropbox": false')).archive.kind).toBe('folder');
});

test('keys of this program in the same file, and the environment, take precedence', () => {
  const extended = published.replace('{', '{ "room": "attic", "camera": {"fps": 10},');
  const config = configOf(extended, { ROOMWATCH_CAMERA_SOURCE: '/dev/video0', ROOMWATCH_DISPLAY: 'false' });
  expect(config).toMatchObject({ room: 'attic', display: false, camera: { source: '/dev/video0', fps: 10 } });
});

test('problems name the keys of the tutorial', () => {
  const broken = published.replace('"fps": 16', '"fps": "16"').replace('"use_dropbox": true', '"use_dropbox": 1');
  expect(problemsOf(broken)).toEqual([
    'use_dropbox: must be true or false',
    'camera.fps (fps): must be a number from 0.1 to 240: value was "16"',
  ]);
});

const firstEdition = `// my Pi
{
	# the camera
	"show_video": false, // no monitor
	"use_dropbox": false,
	"dropbox_key": "hunter2-key",
	"dropbox_secret": "hunter2-secret",
	/* the folder */
	"dropbox_base_path": "Apps/pi",
	"min_upload_seconds": 3.0,
	"resolution": [640, 480,],
	"fps": 16,
}
`;
const load = (text: string, secrets: 'needed' | 'later' = 'needed') =>
  loadConfig({ file: temporaryFile('conf.json', text), env: {}, secrets });

test('the first edition is taken without Dropbox, with comments and trailing commas', () => {
  const loaded = load(firstEdition);
  expect(loaded).toMatchObject({
    config: { archive: { kind: 'folder' }, camera: { source: 'rpicam', resolution: [640, 480] }, display: false },
    warnings: [expect.stringMatching(/^dropbox_key and dropbox_secret: passed over/)],
  });
  expect(JSON.stringify(loaded)).not.toContain('hunter2');
});

test('with Dropbox, the first edition needs a new login', () => {
  const text = firstEdition.replace('"use_dropbox": false', '"use_dropbox": true');
  const problems = problemsOf(text, {}, 'conf.json');
  expect(problems.at(-1)).toMatch(/^dropbox_key and dropbox_secret: .*run: roomwatch login dropbox$/);
  expect(problems.join()).not.toContain('hunter2');
  expect(load(text, 'later')).toHaveProperty('config.archive.kind', 'dropbox');
  const stored = () => ({ app_key: 'new', refresh_token: 'refresh' });
  const loaded = loadConfig({ file: temporaryFile('conf.json', text), env: {}, readLogin: stored });
  expect(loaded).toHaveProperty('config.dropbox.refresh_token', 'refresh');
});

// `node test/home-assistant/app-options.mjs [LANGUAGE]`: draws the app's options from its schema and translation, as the form of Home
// Assistant shows them, into docs/images/home-assistant-app-options.png. To be run after a change of either.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const app = join(root, 'packaging', 'home-assistant', 'roomwatch');
const read = (name) => parse(readFileSync(join(app, name), 'utf8'));
const { schema } = read('config.yaml');
const { configuration } = read(`translations/${process.argv[2] ?? 'en'}.yaml`);
const example = { room: 'kitchen', camera: 'rtsp://…' };

const style = `
body { margin: 0; padding: 16px; width: 620px; background: #fafafa; font: 14px/1.2 Roboto, 'DejaVu Sans', sans-serif; color: #000 }
body > div { background: #fff; border: 1px solid #e0e0e0; border-radius: 12px; padding: 20px }
h1 { font-size: 22px; font-weight: 400; margin: 0 0 12px }
section, article { border: 1px solid #e0e0e0; border-radius: 6px; padding: 14px; margin-bottom: 12px }
article { padding: 8px 12px } h2 { font-size: 16px; font-weight: 400; margin: 0 0 6px } h3 { margin: 0 0 8px; font-size: 14px }
h3 span { float: right; font-weight: 400 } small { display: block; font-size: 12px; color: #616161; margin: 4px 0 8px }
label { display: block; background: #f5f5f5; border-bottom: 1px solid #727272; border-radius: 4px 4px 0 0; padding: 6px 12px;
        height: 32px; margin-top: 8px; font-size: 14px } label b { display: block; font-weight: 400; font-size: 11px; color: #616161 }
a { color: #03a9f4 } button { display: block; margin-left: auto; padding: 8px 18px; border: 0; border-radius: 20px; background: #03a9f4; color: #fff; font-size: 14px }`;

const escaped = (text = '') => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const described = ({ description }) => (description === undefined ? '' : `<small>${escaped(description)}</small>`);

function field(key, type, words, value = '') {
  const needed = type.endsWith('?') ? '' : '*';
  const shown = value === '' && type.startsWith('list') ? '▾' : escaped(value);
  return `<label><b>${escaped(words.name)}${needed}</b>${shown}</label>${described(words)}`;
}

function fields(part, words, values = {}) {
  return Object.entries(part).map(([key, type]) => field(key, type, words[key], values[key]));
}

function section([key, part]) {
  const words = configuration[key];
  const head = `<h2>${Array.isArray(part) ? '' : '▾ '}${escaped(words.name)}</h2>${described(words)}`;
  if (!Array.isArray(part)) return `<section>${head}${fields(part, words.fields).join('')}</section>`;
  const entry = fields(part[0], words.fields, example).join('');
  return `<section>${head}<article><h3>${example.room}<span>✎ ✕</span></h3>${entry}</article><a>+ Add</a></section>`;
}

const form = Object.entries(schema).map(section).join('');
const html = `<!doctype html><meta charset="utf-8"><style>${style}</style><div><h1>Options</h1>${form}<button>Save</button></div>`;
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 652, height: 800 } });
  await page.setContent(html);
  await page.screenshot({ path: join(root, 'docs', 'images', 'home-assistant-app-options.png'), fullPage: true });
} finally {
  await browser.close();
}

import { loadConfig } from '../../src/runtime/config/config.js';
import { createLog } from '../../src/runtime/log.js';
import { runUploader } from '../../src/uploader/uploader.js';

// The uploader of ROOMWATCH_… variables, with the times of a group as its argument.
const loaded = loadConfig({ file: undefined, env: process.env });
if ('problems' in loaded) throw new Error(loaded.problems.join());
const times = JSON.parse(process.argv[2] ?? '') as Parameters<typeof runUploader>[3];
await runUploader(loaded.config, createLog('silent', 'uploader'), new AbortController().signal, times);

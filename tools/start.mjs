// `npm start`: `roomwatch start` in this very process, with config/try.yaml unless another configuration is named.
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const given = process.argv.slice(2);
const named = given.some((word) => word === '--conf' || word.startsWith('--conf=')) || process.env.ROOMWATCH_CONF;
const conf = named ? [] : ['--conf', join(root, 'config', 'try.yaml')];
const cli = join(root, 'dist', 'cli.js');
process.argv = [process.execPath, cli, 'start', ...conf, ...given];
await import(cli);

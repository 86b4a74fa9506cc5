import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupProblem } from './progress.mjs';

const oldest = [20, 19];

/** Refuses a Node older than package.json's `engines`. */
export function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new SetupProblem(
    `this is Node ${process.versions.node}; Roomwatch needs ${oldest.join('.')} or newer (https://nodejs.org, or Debian 13's own nodejs).`,
  );
}

/** The prefix whose include/node/node.h is that of the running Node, as node-gyp's --nodedir wants it; nothing is downloaded. */
export function findHeaders() {
  const prefixes = [process.env.npm_config_nodedir, dirname(dirname(process.execPath)), '/usr', '/usr/local'];
  return prefixes.find((prefix) => prefix && headersMatch(join(prefix, 'include', 'node', 'node_version.h')));
}

function headersMatch(file) {
  if (!existsSync(file)) return false;
  const abi = /#define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
  return abi === process.versions.modules;
}

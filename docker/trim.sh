#!/bin/sh
# Leaves of node_modules what runs. Of opencv4nodejs that is only what its binding is found by: it is set aside in
# /app/opencv4nodejs, and the package and what it builds itself with go.
set -eu
for file in package.json LICENSE cjs/lib/opencv4nodejs.js; do
  install -D -m 0644 "node_modules/opencv4nodejs/$file" "opencv4nodejs/$file"
done
npm pkg delete dependencies.opencv4nodejs
npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What a package says to those who develop with it.
find node_modules -type f \( -name '*.md' -o -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
du -sh node_modules dist

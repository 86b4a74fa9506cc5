#!/bin/sh
# Leaves of node_modules and dist what runs. Of opencv4nodejs that is only what its binding is found by: it is set aside in
# opencv4nodejs, and the package and what it builds itself with go.
set -eu
for file in package.json LICENSE cjs/lib/opencv4nodejs.js; do
  install -D -m 0644 "node_modules/opencv4nodejs/$file" "opencv4nodejs/$file"
done
npm pkg delete dependencies.opencv4nodejs
npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What nobody needs who only runs it: documents, types, sources of what is compiled, copies for old browsers, tests, settings of editors and tools.
find node_modules -type f ! -iname 'licen[cs]e*' \( -name '*.md' -o -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.html' -o -name '*.bc.js' \) -delete
find node_modules -name package.json | while read -r file; do
  for folder in test tests spec integration benchmark benchmarks example examples docs; do
    rm -rf "$(dirname "$file")/$folder"
  done
done
find node_modules -mindepth 1 -name '.*' -prune -exec rm -rf {} +
find node_modules -type d -empty -delete
find dist \( -name '*.map' -o -name '.*' \) -delete
du -sh node_modules dist

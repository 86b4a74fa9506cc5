#!/bin/sh
# Leaves of node_modules what runs. Of opencv4nodejs that is the compiled binding: it is set aside in /app/opencv4nodejs,
# and the package and what it builds itself with go.
set -eu
package=node_modules/opencv4nodejs
for file in package.json LICENSE cjs/lib/opencv4nodejs.js build/Release/opencv4nodejs.node; do
  install -D -m 0644 "$package/$file" "opencv4nodejs/$file"
done
npm pkg delete dependencies.opencv4nodejs
npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What a package says to those who develop with it.
find node_modules -type f \( -name '*.md' -o -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
du -sh node_modules opencv4nodejs dist

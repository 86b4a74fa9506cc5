#!/bin/sh
# Makes assets/sample.mp4 from OpenCV's vtest.avi: the lawn of frames 460 to 765, where nobody is
# for six seconds, two people walk about for eighteen, and nobody is again.
# Enlarged to 640x480, so that a person covers as much of the picture as one in a room would.
set -eu
cd "$(dirname "$0")/.."
source=${1:-/usr/share/doc/opencv-doc/examples/data/vtest.avi}
mkdir -p assets
ffmpeg -v error -y -i "$source" \
  -vf 'trim=start_frame=460:end_frame=766,setpts=PTS-STARTPTS,crop=320:240:144:336,scale=640:480:flags=lanczos' \
  -an -map_metadata -1 -c:v libx264 -preset veryslow -crf 23 -pix_fmt yuv420p -g 50 -movflags +faststart assets/sample.mp4
ls -l assets/sample.mp4

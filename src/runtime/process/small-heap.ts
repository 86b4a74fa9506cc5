import { setFlagsFromString } from 'node:v8';

// Imported before anything that allocates. The detector allocates a little for each frame. V8 would let its young generation
// grow to 48 MB (a Pi has 1 GB); with 2 MB, a scavenge of 0.3 ms now and then is enough.
setFlagsFromString('--semi-space-growth-factor=1');
// Longer-lived objects fragment the old generation by some MB in time; compacting at every full collection, which happens
// every few minutes, prevents that.
setFlagsFromString('--compact-on-every-full-gc');

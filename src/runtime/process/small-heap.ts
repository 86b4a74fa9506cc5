import { setFlagsFromString } from 'node:v8';

// Imported before anything that allocates. A process that runs for months makes a little garbage a frame: V8 would let its
// nursery grow to 48 MB before it looks at it (a Pi has 1 GB); in 2 MB it costs a scavenge of 0.3 ms now and then.
setFlagsFromString('--semi-space-growth-factor=1');
// What outlives the nursery leaves holes, for which V8 takes some MB more with time; a full collection, which comes every
// few minutes, closes them.
setFlagsFromString('--compact-on-every-full-gc');

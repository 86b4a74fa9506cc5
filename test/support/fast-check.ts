import fc from 'fast-check';

// The same cases at every run, so that a failure can be repeated; `SEED=2 npx vitest run ...` tries others.
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 1) });

export default fc;

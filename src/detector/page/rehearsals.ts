import { conflict } from '../../adapters/http/conflict.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import type { BufferedFrame } from '../../domain/page/packed-frames.js';
import type { Masks, Occupants, Rehearsal, RehearsalRequest, Zones } from '../../domain/page/payloads.js';
import { packageFile } from '../../package-file.js';
import { withoutUndefined } from '../../domain/room/live-settings.js';
import { createWorkerProcess } from '../../runtime/process/worker-process.js';
import type { RecordedRecognition, RehearsalQuestion } from './rehearsal-process.js';

/** Judges the recorded frames again in a process of its own, one request at a time. */
export type Rehearsals = {
  /** Rejects with a 409 while another rehearsal is running. */
  rehearse(request: RehearsalRequest): Promise<Rehearsal>;
  close(): void;
};

const idleSeconds = 60;

/** Starts no process before the first request; the process ends a minute after the last one. */
export function openRehearsals(
  detector: RehearsalQuestion['detector'],
  recorded: { frames(): readonly BufferedFrame[]; recognition(): RecordedRecognition | undefined },
  rules: { settings(): LiveSettings; masks(): Masks; zones(): Zones; occupants(): Occupants },
): Rehearsals {
  const module = packageFile('dist/detector/page/rehearsal-process.js');
  const rehearsalProcess = createWorkerProcess<RehearsalQuestion, Rehearsal>(module, idleSeconds);
  let running = false;
  return {
    async rehearse({ settings = {}, masks, zones, occupied_by: occupants }) {
      if (running) throw conflict('Another rehearsal is running.');
      running = true;
      try {
        const before = {
          settings: rules.settings(),
          masks: rules.masks(),
          zones: rules.zones(),
          occupants: rules.occupants(),
        };
        const after = {
          settings: { ...before.settings, ...withoutUndefined(settings) },
          masks: masks ?? before.masks,
          zones: zones ?? before.zones,
          occupants: occupants ?? before.occupants,
        };
        const recognition = recorded.recognition();
        return await rehearsalProcess.run({ frames: [...recorded.frames()], recognition, detector, before, after });
      } finally {
        running = false;
      }
    },
    close: () => rehearsalProcess.close(),
  };
}

import type { PageState } from '../../../domain/page/payloads.js';
import { healthTexts as texts } from './health-texts.js';

/** One part of the system: whether it works, and if not, what to do. */
export type Part = {
  readonly name: string;
  /** `unknown` where nothing answers; `waiting` for what is well, but not yet done */
  readonly verdict: 'ok' | 'bad' | 'waiting' | 'unknown';
  readonly text: string;
  /** when the trouble began, if that is known */
  readonly since?: string | undefined;
};

/** @param answering whether the detector answers; if not, nothing is known of any part */
export function partsOf(state: PageState, answering: boolean): readonly Part[] {
  const parts = [...ownParts(state), ...finePart(state), outboxPart(state), ...archiveParts(state)];
  if (answering) return parts;
  return parts.map(({ name }) => ({ name, verdict: 'unknown', text: texts.notAnswering }));
}

function ownParts({ parts, health, picture }: PageState): readonly Part[] {
  const size = picture === null ? '' : texts.cameraOk(picture.width, picture.height);
  const okTexts = {
    camera: health.camera === 'warming_up' ? `${size} ${texts.cameraWarmsUp}` : size,
    broker: texts.brokerOk,
    disk: texts.diskOk(health.snapshots_kept),
  };
  return (['camera', 'broker', 'disk'] as const).map((part) => {
    const { ok, why = '', since } = parts[part];
    const name = texts.parts[part];
    if (ok && part === 'camera' && picture === null) return { name, verdict: 'waiting', text: texts.cameraOpens };
    if (ok) return { name, verdict: 'ok', text: okTexts[part] };
    // What is wrong with a frozen camera says what to do, too.
    const advice = part === 'camera' && health.camera === 'frozen' ? '' : texts.partAdvice[part];
    return { name, verdict: 'bad', text: [sentence(why), advice].filter((words) => words !== '').join(' '), since };
  });
}

/** The second stream for the pictures, where there is one. */
function finePart({ parts: { snapshot_source: part } }: PageState): Part[] {
  if (part === undefined) return [];
  const name = texts.parts.snapshot_source;
  if (part.ok) return [{ name, verdict: 'ok', text: texts.fineOk }];
  return [{ name, verdict: 'bad', text: `${sentence(part.why ?? '')} ${texts.fineAdvice}`, since: part.since }];
}

function outboxPart({ parts, health: { outbox }, uploaders }: PageState): Part {
  const name = texts.parts.outbox;
  if (outbox === 0) return { name, verdict: 'ok', text: texts.outboxEmpty };
  const waitsFor = !parts.broker.ok ? 'broker' : uploaders.some(({ online }) => online) ? 'archive' : 'uploader';
  return { name, verdict: 'waiting', text: texts.outboxWaiting(outbox, texts.waitsFor[waitsFor]) };
}

/** Uploaders report through the broker: without it, nothing is known of them. */
function archiveParts({ parts, health, uploaders }: PageState): readonly Part[] {
  const archive = texts.parts.archive;
  if (uploaders.length === 0 && parts.broker.ok)
    return [{ name: archive, verdict: health.outbox > 0 ? 'bad' : 'unknown', text: texts.noUploader }];
  const all = uploaders.length === 0 ? [undefined] : uploaders;
  return all.map((uploader): Part => {
    const name = uploader === undefined || all.length === 1 ? archive : `${archive}: ${uploader.name}`;
    if (uploader === undefined || !parts.broker.ok) return { name, verdict: 'unknown', text: texts.uploaderUnknown };
    const { online, since, status } = uploader;
    if (!online) return { name, verdict: 'bad', text: texts.uploaderOffline(uploader.name), since: since ?? undefined };
    if (status === null) return { name, verdict: 'unknown', text: texts.uploaderSilent };
    const ok = status.state === 'idle' || status.state === 'uploading' || status.state === 'disabled';
    const error = status.last_error === null || ok ? '' : ` ${sentence(status.last_error.message)}`;
    const numbers = texts.uploaderNumbers(status.queued, status.uploaded);
    return { name, verdict: ok ? 'ok' : 'bad', text: `${texts.uploader[status.state]} ${numbers}${error}` };
  });
}

function sentence(words: string): string {
  if (words === '') return '';
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`;
}

import { gather, type Gatherer } from '../../async/gather.js';
import { readSettingsChange } from '../../domain/room/live-settings.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import type { RoomTopics } from '../../domain/contract/topics.js';

type Needs = {
  topics: Pick<RoomTopics, 'settingsSet' | 'command'>;
  subscribe(filter: string, receive: (message: { payload: Uint8Array; retain: boolean }) => Promise<void>): void;
  /** Applies, stores and publishes the changed settings, which so many requests asked for. */
  changeSettings(change: Partial<LiveSettings>, requests: number): Promise<void>;
  /** Publishes the current settings. */
  publishSettings(): void;
  takeSnapshot(): void;
  /** Publishes every state again. */
  republishStates(): void;
  warn(fields: object, words: string): void;
};

/** Requests that come faster are merged: anyone may send any number. */
const secondsApart = 1;

/**
 * Subscribes to `settings/set` and `command`, and carries out what comes. Retained messages are ignored: they would be carried
 * out again at every reconnect. An invalid message changes nothing and causes a warning. Of a burst, the last settings count.
 */
export function handleCommands(needs: Needs): { finish(): Promise<void> } {
  const settings = gather<Partial<LiveSettings>>(
    secondsApart,
    (earlier, later) => ({ ...earlier, ...later }),
    needs.changeSettings,
  );
  const announcements = gather<undefined>(secondsApart, () => undefined, needs.republishStates);
  const refusals = gather<undefined>(secondsApart, () => undefined, needs.publishSettings);
  const warnings = new Map<string, Gatherer<object>>();
  /** @param words one of a few texts */
  const warn = (fields: object, words: string) => {
    const warning =
      warnings.get(words) ??
      gather<object>(
        secondsApart,
        (_, later) => later,
        (last, count) => needs.warn(count === 1 ? last : { ...last, times: count }, words),
      );
    warnings.set(words, warning);
    void warning.add(fields);
  };

  needs.subscribe(needs.topics.settingsSet, async ({ payload, retain }) => {
    if (retain) return warn({ topic: needs.topics.settingsSet }, 'ignored a retained settings message');
    const request = readSettingsChange(Buffer.from(payload).toString());
    if (request.kind === 'change') return settings.add(request.change);
    warn({ why: request.why }, 'refused a change of settings');
    await refusals.add(undefined);
  });

  needs.subscribe(needs.topics.command, async ({ payload, retain }) => {
    const command = Buffer.from(payload).toString().trim();
    if (retain) warn({ topic: needs.topics.command }, 'ignored a retained command');
    else if (command === 'snapshot') needs.takeSnapshot();
    else if (command === 'announce') await announcements.add(undefined);
    else warn({ command: command.slice(0, 40) }, 'refused an unknown command: use snapshot or announce');
  });

  return {
    async finish() {
      await Promise.all([settings, announcements, refusals, ...warnings.values()].map(({ finish }) => finish()));
    },
  };
}

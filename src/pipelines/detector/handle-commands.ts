import { readSettingsChange } from '../../domain/room/live-settings.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import type { RoomTopics } from '../../domain/contract/topics.js';

type Needs = {
  topics: Pick<RoomTopics, 'settingsSet' | 'command'>;
  subscribe(filter: string, receive: (message: { payload: Uint8Array; retain: boolean }) => Promise<void>): void;
  /** Applies, stores and publishes the changed settings. */
  changeSettings(change: Partial<LiveSettings>): Promise<void>;
  /** Publishes the current settings. */
  publishSettings(): void;
  takeSnapshot(): void;
  /** Publishes every state again. */
  republishStates(): void;
  warn(fields: object, words: string): void;
};

/**
 * Subscribes to `settings/set` and `command`, and carries out what comes. Retained messages are ignored: they would be carried
 * out again at every reconnect. An invalid message changes nothing and causes one warning.
 */
export function handleCommands(needs: Needs): void {
  needs.subscribe(needs.topics.settingsSet, async ({ payload, retain }) => {
    if (retain) return needs.warn({ topic: needs.topics.settingsSet }, 'ignored a retained settings message');
    const request = readSettingsChange(Buffer.from(payload).toString());
    if (request.kind === 'change') return needs.changeSettings(request.change);
    needs.warn({ why: request.why }, 'refused a change of settings');
    needs.publishSettings();
  });

  needs.subscribe(needs.topics.command, ({ payload, retain }) => {
    const command = Buffer.from(payload).toString().trim();
    if (retain) needs.warn({ topic: needs.topics.command }, 'ignored a retained command');
    else if (command === 'snapshot') needs.takeSnapshot();
    else if (command === 'announce') needs.republishStates();
    else needs.warn({ command: command.slice(0, 40) }, 'refused an unknown command: use snapshot or announce');
    return Promise.resolve();
  });
}

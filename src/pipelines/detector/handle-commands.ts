import { readSettingsChange } from '../../domain/room/live-settings.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import type { RoomTopics } from '../../domain/contract/topics.js';

type Needs = {
  topics: Pick<RoomTopics, 'settingsSet' | 'command'>;
  subscribe(filter: string, receive: (message: { payload: Uint8Array; retain: boolean }) => Promise<void>): void;
  /** Applies, keeps and says the changed settings. */
  changeSettings(change: Partial<LiveSettings>): Promise<void>;
  /** Says the settings as they are. */
  publishSettings(): void;
  takeSnapshot(): void;
  /** Says every state again. */
  republishStates(): void;
  warn(fields: object, words: string): void;
};

/**
 * Does what is asked for on `settings/set` and `command`. What the broker retained there is left alone: it would be done
 * again at every reconnect. A stranger's nonsense changes nothing and costs one warning.
 */
export function handleCommands(needs: Needs): void {
  needs.subscribe(needs.topics.settingsSet, async ({ payload, retain }) => {
    if (retain) return needs.warn({ topic: needs.topics.settingsSet }, 'ignored a retained settings message');
    const asked = readSettingsChange(Buffer.from(payload).toString());
    if (asked.kind === 'change') return needs.changeSettings(asked.change);
    needs.warn({ why: asked.why }, 'refused a change of settings');
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

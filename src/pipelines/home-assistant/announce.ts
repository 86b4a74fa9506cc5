import type { Discovery } from '../../domain/home-assistant/document.js';

type Needs = {
  /** Publishes a retained state, on every connection. */
  publishState(topic: string, payload: string): void;
  /** Removes a retained message; resolves when the broker has acknowledged it. */
  clear(topic: string): Promise<void>;
  subscribe(filter: string, receive: (message: { payload: Uint8Array; retain: boolean }) => Promise<void>): void;
  /** Publishes every state again. */
  republishStates(): void;
  /** The announcements of earlier runs, which the broker may still hold. */
  announced: {
    earlier(): Promise<readonly string[]>;
    remember(topics: readonly string[]): Promise<void>;
  };
  /** Waits 1 to 5 s; false if the process ends meanwhile. */
  pauseBeforeAnswer(): Promise<boolean>;
};

/**
 * Announces one device to Home Assistant, or none if discovery is off, and removes what earlier runs announced under another
 * name or prefix. Resolves when the broker has removed that, which may take long. Every birth message of Home Assistant is
 * answered with all states, after a pause: just after its start Home Assistant is not ready to receive them.
 */
export async function announceHomeAssistant(
  needs: Needs,
  prefix: string,
  device: Discovery | undefined,
): Promise<void> {
  const wanted = device === undefined ? [] : [device.topic];
  const outdated = (await needs.announced.earlier()).filter((topic) => !wanted.includes(topic));
  if (wanted.length > 0 || outdated.length > 0) await needs.announced.remember([...outdated, ...wanted]);
  if (device !== undefined) {
    needs.publishState(device.topic, device.payload);
    answerBirthMessages(needs, prefix);
  }
  for (const topic of outdated) await needs.clear(topic);
  if (outdated.length > 0) await needs.announced.remember(wanted);
}

function answerBirthMessages(needs: Needs, prefix: string): void {
  let answering = false;
  needs.subscribe(`${prefix}/status`, ({ payload, retain }) => {
    // A retained birth message is an old one, and the states were published when this connection began.
    if (retain || answering || Buffer.from(payload).toString() !== 'online') return Promise.resolve();
    answering = true;
    void needs.pauseBeforeAnswer().then((running) => {
      answering = false;
      if (running) needs.republishStates();
    });
    return Promise.resolve();
  });
}

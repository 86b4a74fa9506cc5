import type { Discovery } from '../../domain/home-assistant/document.js';

type Needs = {
  /** Says a retained state, on every connection. */
  publishState(topic: string, payload: string): void;
  /** Takes a retained message away; resolves when the broker has done it. */
  clear(topic: string): Promise<void>;
  subscribe(filter: string, receive: (message: { payload: Uint8Array; retain: boolean }) => Promise<void>): void;
  /** Says every state again. */
  republishStates(): void;
  /** What earlier runs announced and perhaps still stands at the broker. */
  announced: {
    earlier(): Promise<readonly string[]>;
    remember(topics: readonly string[]): Promise<void>;
  };
  /** Waits 1 to 5 s; false when the process ends meanwhile. */
  pauseBeforeAnswer(): Promise<boolean>;
};

/**
 * Announces one device to Home Assistant, or none where discovery is off, and takes away what earlier runs announced
 * under another name or prefix. Resolves when that is gone from the broker, which may be long after. Every birth of
 * Home Assistant is answered with all states, after a pause: one that has just started loses what comes at once.
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
    // A retained birth is an old one, and this connection has just said everything.
    if (retain || answering || Buffer.from(payload).toString() !== 'online') return Promise.resolve();
    answering = true;
    void needs.pauseBeforeAnswer().then((awake) => {
      answering = false;
      if (awake) needs.republishStates();
    });
    return Promise.resolve();
  });
}

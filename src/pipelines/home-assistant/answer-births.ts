/** Where Home Assistant publishes them, whatever its prefix for discovery. */
const birthTopic = 'homeassistant/status';

type Needs = {
  subscribe(filter: string, receive: (message: { payload: Uint8Array; retain: boolean }) => Promise<void>): void;
  /** Publishes every state again. */
  republishStates(): void;
  /** Waits 1 to 5 s; false if the process ends meanwhile. */
  pauseBeforeAnswer(): Promise<boolean>;
};

/**
 * Answers every birth message of Home Assistant with all states, after a pause: just after its start Home Assistant is not
 * ready to receive them.
 */
export function answerBirthMessages(needs: Needs): void {
  let answering = false;
  needs.subscribe(birthTopic, ({ payload, retain }) => {
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

import type { MqttClient as Client } from 'mqtt';

/** Something sent that the broker has not answered: a message, or a subscription. */
export type Unanswered = {
  readonly topic: string;
  readonly bytes: number;
  /** sent with QoS 0 */
  readonly once: boolean;
};

type Entry = Unanswered & { timer: NodeJS.Timeout | undefined };

/** An answer that takes longer is not waited for: the message is sent again on a new connection. */
const patienceSeconds = 30;

/**
 * Notes what the broker has not answered on one connection. A message with QoS 0 has no answer of its own, so a PINGREQ follows
 * it: a broker reads in order.
 * @param silent called if something is not answered in time, with words for it
 */
export function createUnanswered(client: Client, silent: (what: string) => void) {
  const entries = new Set<Entry>();
  const onces: { readonly entry: Entry; readonly ping: number; accepted(): void }[] = [];
  let pingsSent = 0;
  let pingsAnswered = 0;

  client.on('packetsend', ({ cmd }) => {
    if (cmd === 'pingreq') pingsSent += 1;
  });
  client.on('packetreceive', ({ cmd }) => {
    if (cmd !== 'pingresp') return;
    pingsAnswered += 1;
    for (let [first] = onces; first !== undefined && first.ping <= pingsAnswered; [first] = onces) {
      onces.shift();
      entries.delete(first.entry);
      first.accepted();
    }
  });

  function waitFor(entry: Entry): void {
    entry.timer = setTimeout(() => {
      // It may not have been sent yet, where the line is slow; one that is dead ends by the keep-alive.
      if (client.stream.writableLength > 0) waitFor(entry);
      else silent(`the broker did not answer about ${entry.topic} within ${patienceSeconds} s`);
    }, patienceSeconds * 1000).unref();
  }

  return {
    /** Returns the function to call at the answer. */
    add(topic: string, bytes: number): () => void {
      const entry: Entry = { topic, bytes, once: false, timer: undefined };
      entries.add(entry);
      waitFor(entry);
      return () => {
        clearTimeout(entry.timer);
        entries.delete(entry);
      };
    },
    /** To be called after a message with QoS 0. */
    addOnce(topic: string, bytes: number, accepted: () => void): void {
      const entry: Entry = { topic, bytes, once: true, timer: undefined };
      entries.add(entry);
      client.sendPing();
      onces.push({ entry, ping: pingsSent, accepted });
    },
    /** oldest first */
    all: (): readonly Unanswered[] => [...entries].map(({ topic, bytes, once }) => ({ topic, bytes, once })),
    close(): void {
      for (const { timer } of entries) clearTimeout(timer);
    },
  };
}

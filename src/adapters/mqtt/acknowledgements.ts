/** Acknowledges messages in the order in which they came (MQTT 5 §4.6), whichever is safe first. */
export type Acks = {
  /** Notes a message that came; the answer is to be called once it is safe. */
  received(messageId: number): () => void;
  /** Resolves once fewer than `limit` messages wait, at once in most cases. */
  room(): Promise<void>;
};

/** @param write puts bytes on the wire */
export function createAcks(write: (puback: Buffer) => void, limit: number): Acks {
  const waiting: { readonly messageId: number; safe: boolean }[] = [];
  let wake: (() => void) | undefined;
  return {
    received(messageId) {
      const entry = { messageId, safe: false };
      waiting.push(entry);
      return () => {
        entry.safe = true;
        for (let first = waiting[0]; first?.safe === true; first = waiting[0]) {
          waiting.shift();
          write(puback(first.messageId));
        }
        if (waiting.length < limit) wake?.();
      };
    },
    async room() {
      if (waiting.length >= limit) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

/** PUBACK for "success": the same four bytes in MQTT 3.1.1 (§3.4) and 5 (§3.4.2.1). */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}

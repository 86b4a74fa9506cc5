/** Acknowledges messages in the order in which they arrived (MQTT 5 §4.6), whichever is handled first. */
export type Acknowledgements = {
  /** Notes a message; call the returned function once it is handled. */
  received(messageId: number): () => void;
  /** Resolves when fewer than `limit` messages are unacknowledged, usually at once. */
  belowLimit(): Promise<void>;
};

/** @param write sends bytes to the broker */
export function createAcknowledgements(write: (puback: Buffer) => void, limit: number): Acknowledgements {
  const unacknowledged: { readonly messageId: number; handled: boolean }[] = [];
  let wake: (() => void) | undefined;
  return {
    received(messageId) {
      const entry = { messageId, handled: false };
      unacknowledged.push(entry);
      return () => {
        entry.handled = true;
        for (let first = unacknowledged[0]; first?.handled === true; first = unacknowledged[0]) {
          unacknowledged.shift();
          write(puback(first.messageId));
        }
        if (unacknowledged.length < limit) wake?.();
      };
    },
    async belowLimit() {
      if (unacknowledged.length >= limit) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

/** PUBACK with reason "success": the same four bytes in MQTT 3.1.1 (§3.4) and 5 (§3.4.2.1). */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}

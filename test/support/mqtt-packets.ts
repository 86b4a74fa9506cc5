/** Makes a function that cuts a stream of bytes into whole MQTT packets. */
export function createPacketSplitter(): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const packets: Buffer[] = [];
    for (let length = packetLength(rest); length !== undefined && length <= rest.length; length = packetLength(rest)) {
      packets.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return packets;
  };
}

/** True for a PUBACK packet, also within MQTT 5. */
export const isPuback = (packet: Buffer): boolean => packet[0] === 0x40;

/** A SUBACK packet of MQTT 5 for one subscription, with the reason `not authorized` in place of its own; else undefined. */
export function refusedSuback(packet: Buffer): Buffer | undefined {
  if (packet[0] !== 0x90) return undefined;
  const refused = Buffer.from(packet);
  refused[refused.length - 1] = 0x87;
  return refused;
}

/** Length of the packet that begins here (MQTT 5 §2.1.4); undefined if it is not known yet. */
function packetLength(bytes: Buffer): number | undefined {
  let length = 0;
  for (let n = 1; n < bytes.length && n <= 4; n += 1) {
    const byte = bytes[n]!;
    length += (byte & 0x7f) * 2 ** (7 * (n - 1));
    if (byte < 0x80) return n + 1 + length;
  }
  return undefined;
}

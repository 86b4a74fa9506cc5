/** A part of a stream that is not decoded. */
export type StreamPacket = {
  /** When it arrived, in seconds since the Unix epoch. */
  readonly at: number;
  /** Its time stamp, on a clock of the stream; NaN where it has none. */
  readonly seconds: number;
  /** It can be decoded without those before it. */
  readonly isKey: boolean;
  readonly bytes: number;
  release(): void;
};

/** How much is kept: groups of pictures that begin within the last `seconds`, and the one before them; never beyond the rest. */
export type PacketLimits = { readonly seconds: number; readonly bytes: number; readonly packets: number };

/**
 * Keeps the newest packets of a stream, whole groups of pictures from a key frame on, and releases the older ones. If one group
 * alone exceeds a limit, nothing is kept until the next key frame.
 */
export function createRecentPackets<Packet extends StreamPacket>(limits: PacketLimits) {
  const groups: Packet[][] = [];
  let bytes = 0;
  let count = 0;
  let tooLong = false;

  const drop = (group: readonly Packet[]) => {
    for (const packet of group) {
      bytes -= packet.bytes;
      count--;
      packet.release();
    }
  };
  const dropOldest = () => drop(groups.shift() ?? []);
  const clear = () => {
    for (const group of groups.splice(0)) drop(group);
  };
  const newest = () => groups.at(-1)?.at(-1)?.at;
  /**
   * Packets come late and in bursts, most of all after a connection began: the one that took the shortest way says what the
   * time stamps mean.
   */
  const createMomentOf = () => {
    const delay = Math.min(...groups.flat().map(({ at, seconds }) => at - seconds || Infinity));
    return ({ at, seconds }: Packet) => (Number.isFinite(delay + seconds) ? seconds + delay : at);
  };

  return {
    push(packet: Packet): void {
      // The clock was set back: times before and after it cannot be compared.
      if (packet.at < (newest() ?? packet.at) - limits.seconds) clear();
      if (packet.isKey) groups.push([packet]);
      else if (groups.length > 0) groups.at(-1)?.push(packet);
      else return packet.release();
      bytes += packet.bytes;
      count++;
      if (packet.isKey) tooLong = false;
      while (groups.length > 1 && (groups[1]?.[0]?.at ?? 0) <= packet.at - limits.seconds) dropOldest();
      while (bytes > limits.bytes || count > limits.packets) {
        tooLong = groups.length === 1;
        dropOldest();
      }
    },
    /**
     * The packets that have to be decoded for the picture nearest to `at`, which is the last of them, and how many seconds lie
     * between it and `at`. Undefined if there is none.
     */
    upTo(at: number): { readonly packets: readonly Packet[]; readonly offset: number } | undefined {
      const momentOf = createMomentOf();
      let best: { readonly group: readonly Packet[]; readonly end: number } | undefined;
      let offset = Infinity;
      for (const group of groups) {
        for (const [n, packet] of group.entries()) {
          const distance = Math.abs(momentOf(packet) - at);
          if (distance > offset) continue;
          offset = distance;
          best = { group, end: n + 1 };
        }
      }
      return best && { packets: best.group.slice(0, best.end), offset };
    },
    /** When the newest packet arrived. */
    get newestAt() {
      return newest();
    },
    /** Nothing is kept because the last key frame is too long ago. */
    get tooLong() {
      return tooLong;
    },
    clear,
  };
}

/** See `createRecentPackets`. */
export type RecentPackets<Packet extends StreamPacket> = ReturnType<typeof createRecentPackets<Packet>>;

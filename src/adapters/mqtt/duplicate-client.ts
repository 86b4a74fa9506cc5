import type { ConnectionEnd, Incoming } from './connection.js';

/** A connection that ends sooner, without an error, looks as if another client had taken it over. */
const shortSeconds = 10;
/** After a connection this long the process counts as long-lived. */
const longLivedSeconds = 60;

/** Which process this is at the broker. */
type Identity = { readonly protocol: 5 | '3.1.1'; readonly availabilityTopic: string; readonly instance: string };

/**
 * Detects another client with the same client id: each then disconnects the other, although nothing is wrong with either
 * connection. In MQTT 5 a message on the availability topic names its process, so one that another process left there is
 * proof; so is reason 0x8E, which not all brokers give. MQTT 3.1.1 has neither: several short connections without an
 * error have to do. One that ends with a message unanswered may be a broker's way to refuse the message: it proves nothing. A
 * long-lived process gives up later, so that it is the newcomer that ends.
 */
export function createDuplicateDetector({ protocol, availabilityTopic, instance }: Identity) {
  let arrived = false;
  let foreign = false;
  let suspicions = 0;
  let longLived = false;
  const enough = protocol === 5 ? 4 : 8;
  return {
    opened(): void {
      foreign = false;
    },
    received(message: Pick<Incoming, 'topic' | 'retain' | 'instance'>): void {
      if (message.topic !== availabilityTopic || message.instance === undefined) return;
      // Until the broker has had one of this run, it may be from an earlier run of this same process.
      if (message.instance === instance) arrived = true;
      else foreign ||= message.retain && arrived;
    },
    /** Takes note of a connection that ended; tells how certain a duplicate is. */
    ended({ opened, openSeconds, cause, takenOver, unanswered }: ConnectionEnd): 'no' | 'suspected' | 'certain' {
      longLived ||= openSeconds >= longLivedSeconds;
      const proof = takenOver || (foreign && openSeconds < longLivedSeconds);
      const quiet = protocol !== 5 && opened && cause === undefined && openSeconds < shortSeconds;
      if (proof || (quiet && unanswered.length === 0)) suspicions += 1;
      else if (!quiet) suspicions = 0;
      if (suspicions >= (longLived ? 3 * enough : enough)) return 'certain';
      return suspicions >= enough / 2 ? 'suspected' : 'no';
    },
  };
}

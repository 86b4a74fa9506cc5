import type { LinkEnd } from './mqtt-link.js';

/** Under so many seconds a connection that ends without an error looks like one another client has taken. */
const shortSeconds = 10;
const veteranSeconds = 60;

/**
 * Finds out that another client has our id: each then throws the other out, and nothing is wrong with any connection.
 * Some brokers say so (MQTT 5 reason 0x8E), most just close. Who has been connected for long gives in last, so that it
 * is the newcomer who goes.
 */
export function createRivalWatch() {
  let suspicions = 0;
  let veteran = false;
  return {
    /** Looks at a connection that ended; answers how sure it is that there is a rival. */
    ended({ opened, lasted, cause, takenOver }: LinkEnd): 'no' | 'perhaps' | 'surely' {
      veteran ||= lasted >= veteranSeconds;
      const suspect = takenOver || (opened && cause === undefined && lasted < shortSeconds);
      suspicions = suspect ? suspicions + 1 : 0;
      if (suspicions >= (veteran ? 12 : 4)) return 'surely';
      return suspicions >= 2 ? 'perhaps' : 'no';
    },
  };
}

import type { LinkEnd } from './connection.js';

/** Under so many seconds a connection that ends without an error looks like one another client has taken. */
const shortSeconds = 10;
const veteranSeconds = 60;

/**
 * Finds out that another client has our id: each then throws the other out, and nothing is wrong with any connection.
 * In MQTT 5 availability carries who said it, so what a rival left behind is proof, as is reason 0x8E, which not all
 * brokers give. MQTT 3.1.1 has neither: there many short connections without an error have to do. Who has been
 * connected for long gives in last, so that it is the newcomer who goes.
 */
export function createRivalWatch(protocol: 5 | '3.1.1') {
  let suspicions = 0;
  let veteran = false;
  const enough = protocol === 5 ? 4 : 8;
  return {
    /** Looks at a connection that ended; answers how sure it is that there is a rival. */
    ended({ opened, lasted, cause, takenOver, foreign }: LinkEnd): 'no' | 'perhaps' | 'surely' {
      veteran ||= lasted >= veteranSeconds;
      const proof = takenOver || (foreign && lasted < veteranSeconds);
      const guess = protocol !== 5 && opened && cause === undefined && lasted < shortSeconds;
      suspicions = proof || guess ? suspicions + 1 : 0;
      if (suspicions >= (veteran ? 3 * enough : enough)) return 'surely';
      return suspicions >= enough / 2 ? 'perhaps' : 'no';
    },
  };
}

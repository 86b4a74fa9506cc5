import { readAddress } from '../../runtime/address.js';
import { secretsOf } from '../../runtime/config/secrets.js';
import { redactor } from '../../runtime/redact.js';
import { brokerPart } from '../check.js';
import { askFor, askIfAny, askSecret, settle, type Interview } from './interview.js';
import { configOf, wrongValue, type Values } from './values.js';

/** What is given about the broker. */
export type GivenBroker = {
  readonly broker: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** whether Roomwatch may run the broker */
  readonly embeds: boolean;
};

/** Asks for the broker and its login, unless they are given, and tries it. */
export function askBroker(interview: Interview, given: GivenBroker, folder: string): Promise<Values> {
  const { broker, username, password, embeds } = given;
  return settle<Values>(interview, {
    given: broker === undefined ? undefined : brokerValues(broker, username, password),
    ask: async () => {
      const url = await askFor(interview, {
        words: `MQTT broker (mqtt://host${embeds ? ', or embedded: Roomwatch runs one for this machine' : ''})`,
        flag: '--broker',
        fallback: 'mqtt://127.0.0.1:1883',
        wrong: (answer) => wrongBroker(answer, embeds),
      });
      if (url === 'embedded' || hasLogin(brokerUrl(url))) return brokerValues(url, undefined, undefined);
      const name = username ?? (await askIfAny(interview, 'User name at the broker (Enter: none)'));
      const secret = name === undefined ? undefined : (password ?? (await askSecret(interview, 'Password')));
      return brokerValues(url, name, secret);
    },
    part: (values) => {
      const config = configOf(values, folder);
      return { part: brokerPart(config), redact: redactor(secretsOf(config)) };
    },
  });
}

/** Says what is wrong with an answer, if anything. */
export function wrongBroker(answer: string, embeds: boolean): string | undefined {
  if (answer !== 'embedded') return wrongValue('mqtt.url', brokerUrl(answer));
  return embeds ? undefined : 'only roomwatch start runs a broker, the services do not: sudo apt install mosquitto';
}

function brokerValues(broker: string, username: string | undefined, password: string | undefined): Values {
  const values = new Map<string, unknown>();
  if (broker === 'embedded') values.set('broker.embedded', true);
  else values.set('mqtt.url', brokerUrl(broker));
  if (username !== undefined) values.set('mqtt.username', username);
  if (password !== undefined) values.set('mqtt.password', password);
  return values;
}

/** A name alone is that of a host. */
function brokerUrl(answer: string): string {
  return answer.includes('://') ? answer : `mqtt://${answer}`;
}

function hasLogin(url: string): boolean {
  const address = readAddress(url);
  return !('problem' in address) && address.password !== undefined;
}

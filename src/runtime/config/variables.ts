/** The beginning of every environment variable of this program. */
export const prefix = 'ROOMWATCH_';

/** Gives the environment variable of a key: `ROOMWATCH_MQTT_URL` for `mqtt.url`. */
export function variableOf(path: string): string {
  return prefix + path.replaceAll('.', '_').toUpperCase();
}

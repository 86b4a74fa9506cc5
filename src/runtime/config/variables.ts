/** The beginning of every environment variable of this program. */
export const prefix = 'ROOMWATCH_';

/**
 * Gives the environment variable of a key: `ROOMWATCH_MQTT_URL` for `mqtt.url`, and for one room of several
 * `ROOMWATCH_ROOMS_HALL_CAMERA_SOURCE`.
 */
export function variableOf(path: string, room?: string): string {
  const whose = room === undefined ? '' : `rooms_${room}_`;
  return prefix + `${whose}${path}`.replaceAll(/[.-]/g, '_').toUpperCase();
}

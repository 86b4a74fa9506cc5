/**
 * Text as part of a Home Assistant id, which allows `[a-zA-Z0-9_-]` only: every other character, and `-` and `_` themselves,
 * become `-XX` for each byte, so that two base topics never share an id.
 */
function escapeForId(text: string): string {
  return encodeURIComponent(text)
    .replace(/[^a-zA-Z0-9%]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '-');
}

/** The id of a room's device, `roomwatch_kitchen`; it must never change, nor what is made from it: users' dashboards depend on it. */
export function roomDeviceId(base: string, room: string): string {
  return `${escapeForId(base)}_${room}`;
}

/** The id of an uploader's device, `roomwatch-uploader_attic`; no room of any base can have it. */
export function uploaderDeviceId(base: string, name: string): string {
  return `${escapeForId(base)}-uploader_${escapeForId(name)}`;
}

/** Where Home Assistant looks for the device of this id. */
export function discoveryTopic(prefix: string, deviceId: string): string {
  return `${prefix}/device/${deviceId}/config`;
}

/** A name as a person writes it: `living_room` is "Living room". */
export function displayName(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The object id that Home Assistant would make of a name, so that asking for it changes nothing. */
export function objectId(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** The topics of one room's detector (docs/contract.md §2). */
export function roomTopics(base: string, room: string) {
  const own = `${base}/${room}`;
  return {
    availability: `${own}/availability`,
    roomStatus: `${own}/room-status`,
    motion: `${own}/motion`,
    snapshot: `${own}/snapshot`,
    upload: `${own}/upload`,
    settings: `${own}/settings`,
    settingsSet: `${own}/settings/set`,
    command: `${own}/command`,
    health: `${own}/health`,
    page: `${base}-page/${room}`,
    /** followed by a level with the name of the zone */
    zones: `${own}/zones`,
    image: `${base}-image/${room}`,
  } as const;
}

/** The topics of one room, by content. */
export type RoomTopics = ReturnType<typeof roomTopics>;

/** The topic of one zone's status. */
export function zoneTopic({ zones }: Pick<RoomTopics, 'zones'>, zone: string): string {
  return `${zones}/${zone}`;
}

/** The topics of one uploader. */
export function uploaderTopics(base: string, name: string) {
  const own = `${base}/uploaders/${name}`;
  return { availability: `${own}/availability`, status: `${own}/status` } as const;
}

/** The filter that matches every room's snapshot receipts; with a group, a shared subscription (MQTT 5 §4.8.2). */
export function receiptFilter(base: string, group: string | undefined): string {
  return group === undefined ? `${base}/+/snapshot` : `$share/${group}/${base}/+/snapshot`;
}

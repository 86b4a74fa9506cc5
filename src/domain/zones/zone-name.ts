/** A zone's name, a level of its topic (docs/contract.md). */
export const zoneNamePattern = /^[a-z0-9][a-z0-9_-]{0,31}$/;

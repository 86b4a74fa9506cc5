import type { Connection } from './connection.js';

/** The connection of the moment, shared by the parts of a client; none while the broker is away. */
export type Current = { connection: Connection | undefined };

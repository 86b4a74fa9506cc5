import type { RoomStatus } from '../contract/payloads.js';

/** The room's status as charts write it: 0 unknown, 1 unoccupied, 2 occupied without motion, 3 occupied with motion. */
export function stateCode({ status, motion }: Pick<RoomStatus, 'status' | 'motion'>): 0 | 1 | 2 | 3 {
  switch (status) {
    case 'unknown':
      return 0;
    case 'unoccupied':
      return 1;
    case 'occupied':
      return motion ? 3 : 2;
  }
}

import type { Room } from './state.js';

/** A longer gap between two frames is a clock that was set, not time that passed: the camera would have been lost. */
const clockJumpSeconds = 300;

/** Moves what is remembered along with a clock that was set, so that an hour's jump neither frees nor holds the room. */
export function followClock(room: Room, at: number): Room {
  const jump = at - (room.lastFrameAt ?? at);
  if (jump >= 0 && jump < clockJumpSeconds) return room;
  const { occupancy } = room;
  const motion = occupancy.kind === 'occupied' ? occupancy.motion : undefined;
  return {
    ...room,
    warmingSince: room.warmingSince + jump,
    schedule: { ...room.schedule, lastAt: room.schedule.lastAt + jump },
    occupancy:
      occupancy.kind !== 'occupied'
        ? occupancy
        : {
            ...occupancy,
            lastSignAt: occupancy.lastSignAt + jump,
            motion: motion && {
              ...motion,
              startedAt: motion.startedAt + jump,
              lastMovingAt: motion.lastMovingAt + jump,
            },
          },
  };
}

import type { Room } from './state.js';

/** A longer gap between two frames means that the clock was set: in so much real time the camera would have been lost. */
const clockJumpSeconds = 300;

/** If the clock was set, moves the room's times along with it: a jump of an hour must neither vacate nor hold the room. */
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

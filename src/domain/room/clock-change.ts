import type { Motion, Occupancy, Room } from './state.js';

/** A longer gap between two frames means that the clock was set: in so much real time the camera would have been lost. */
const clockJumpSeconds = 300;

/** Seconds by which the clock was set between two frames; 0 if it was not. */
export function clockJump(lastFrameAt: number | undefined, at: number): number {
  const passed = at - (lastFrameAt ?? at);
  return passed >= 0 && passed < clockJumpSeconds ? 0 : passed;
}

/** If the clock was set, moves the room's times along with it: a jump of an hour must neither vacate nor hold the room. */
export function followClock(room: Room, at: number): Room {
  const jump = clockJump(room.lastFrameAt, at);
  if (jump === 0) return room;
  return {
    ...room,
    warmingSince: room.warmingSince + jump,
    streak: { ...room.streak, since: room.streak.since + jump },
    schedule: { ...room.schedule, lastAt: room.schedule.lastAt + jump },
    occupancy: moveOccupancy(room.occupancy, jump),
    motion: room.motion && moveMotion(room.motion, jump),
  };
}

function moveOccupancy(occupancy: Occupancy, jump: number): Occupancy {
  if (occupancy.kind !== 'occupied') return occupancy;
  return { ...occupancy, beganAt: occupancy.beganAt + jump, lastSignAt: occupancy.lastSignAt + jump };
}

function moveMotion(motion: Motion, jump: number): Motion {
  return { ...motion, startedAt: motion.startedAt + jump, lastMovingAt: motion.lastMovingAt + jump };
}

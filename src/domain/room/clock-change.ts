import type { Zones } from '../zones/zone.js';
import type { Motion, Occupancy, Room } from './state.js';

/** A longer gap between two frames means that the clock was set: in so much real time the camera would have been lost. */
const clockJumpSeconds = 300;

/** Seconds by which the clock was set between two frames; 0 if it was not. */
export function clockJump(lastFrameAt: number | undefined, at: number): number {
  const passed = at - (lastFrameAt ?? at);
  return passed >= 0 && passed < clockJumpSeconds ? 0 : passed;
}

/** Frames that come so many times later than usual, and at least this many seconds, come after a break. */
const breakFrom = { times: 3, seconds: 2 };

/**
 * After a break in which no frame came, moves the signs of people along: nobody could be seen to leave in that time, and
 * motion that goes on is the same.
 */
function bridgeBreak(room: Room, at: number): Room {
  const { lastFrameAt, frameSeconds, occupancy, motion } = room;
  if (lastFrameAt === undefined) return room;
  const passed = at - lastFrameAt;
  const next: Room = { ...room, frameSeconds: passed };
  if (passed < breakFrom.seconds || passed < breakFrom.times * frameSeconds) return next;
  return {
    ...next,
    occupancy: occupancy.kind === 'occupied' ? { ...occupancy, lastSignAt: occupancy.lastSignAt + passed } : occupancy,
    motion: motion && { ...motion, lastMovingAt: motion.lastMovingAt + passed },
  };
}

/**
 * If the clock was set, moves the room's times along with it: a jump of an hour must neither vacate nor hold the room. The same
 * holds for a break without frames.
 */
export function followClock(room: Room, at: number): Room {
  const jump = clockJump(room.lastFrameAt, at);
  if (jump === 0) return bridgeBreak(room, at);
  return {
    ...room,
    warmingSince: room.warmingSince + jump,
    streak: { ...room.streak, since: room.streak.since + jump },
    schedule: { ...room.schedule, lastAt: room.schedule.lastAt + jump },
    occupancy: moveOccupancy(room.occupancy, jump),
    motion: room.motion && moveMotion(room.motion, jump),
    zones: moveZones(room.zones, jump),
  };
}

function moveOccupancy(occupancy: Occupancy, jump: number): Occupancy {
  if (occupancy.kind !== 'occupied') return occupancy;
  return { ...occupancy, beganAt: occupancy.beganAt + jump, lastSignAt: occupancy.lastSignAt + jump };
}

function moveMotion(motion: Motion, jump: number): Motion {
  return { ...motion, startedAt: motion.startedAt + jump, lastMovingAt: motion.lastMovingAt + jump };
}

function moveZones({ seenAt, states }: Zones, jump: number): Zones {
  return {
    seenAt: seenAt + jump,
    states: states.map((zone) => ({
      ...zone,
      stay: zone.stay && { ...zone.stay, lastSignAt: zone.stay.lastSignAt + jump },
      seenAt: zone.seenAt + jump,
      streak: { ...zone.streak, since: zone.streak.since + jump },
      lastMovingAt: zone.lastMovingAt + jump,
    })),
  };
}

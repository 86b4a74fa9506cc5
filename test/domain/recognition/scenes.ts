import type { Region } from '../../../src/domain/motion/judgement.js';
import { centreOf } from '../../../src/domain/zones/polygon.js';
import type { Mover, Scene } from '../../../src/domain/recognition/scene.js';

/** A mover in this box, whose centre of mass is in its middle. */
export function moverIn(box: Region, other: Partial<Mover> = {}): Mover {
  return { ...box, centre: centreOf(box), area: 0.03, length: 6, travel: 0.05, accepted: true, ...other };
}

/** A frame of a warm, vacant, lit room in which nothing moves. */
export function quietScene(other: Partial<Scene> = {}): Scene {
  return {
    at: 100,
    ready: true,
    moving: false,
    present: false,
    movers: [],
    brightness: 90,
    occupied: false,
    vacancySeconds: 20,
    frame: { width: 640, height: 480 },
    ...other,
  };
}

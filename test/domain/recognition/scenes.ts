import type { Scene } from '../../../src/domain/recognition/scene.js';

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

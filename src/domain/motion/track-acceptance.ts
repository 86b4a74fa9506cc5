import { travelsSteadily, type DynamicBackground } from './dynamic-background.js';
import type { Track } from './tracks.js';

/** Before this age too little is known of the scene to tell its own movement from a person's ... */
const START_SECONDS = 4;
/** ... unless a track goes far: frames, and share of the width. */
const FAR = { changedFrames: 9, travel: 0.12 };
/**
 * A place that changes this often (share of the pictures), while the pixels beside it change less than this part as often,
 * is a screen.
 */
const SCREEN = { activity: 0.2, beside: 0.35 };
/** Frames that a track needs, and how many more where the scene moves by itself. */
const MIN_FRAMES = { calm: 2, active: 14 };
/** Up to this many times the usual area, a track may still be the scene itself. */
const TIMES_USUAL = 2;

/**
 * Whether a track may be a person: where the scene moves by itself, the track has to be larger than usual there, or to
 * last longer. @param age seconds since the scene was first seen
 */
export function isAccepted(track: Track, age: number, background: DynamicBackground): boolean {
  if (travelsSteadily(track)) return true;
  if (age < START_SECONDS) return track.changedFrames >= FAR.changedFrames && track.travel >= FAR.travel;
  const usualArea = background.usualArea(track);
  if (track.area < usualArea) return false;
  const activity = background.activityWithin(track);
  if (activity > SCREEN.activity && background.activityBeside(track) < SCREEN.beside * activity) return false;
  const doubt = activity * Math.min(1, (TIMES_USUAL * usualArea) / track.area);
  return track.changedFrames >= MIN_FRAMES.calm + MIN_FRAMES.active * doubt;
}

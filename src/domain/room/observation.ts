import type { Judgement } from '../motion/judgement.js';
import type { Room } from './state.js';

/**
 * One analysed frame and the room after it. `at` is the frame's time in seconds; `judgement` is undefined while the room is
 * disarmed.
 */
export type Observation = { readonly at: number; readonly judgement: Judgement | undefined; readonly room: Room };

/**
 * Say how long a move and a sentence take, and let something move for that long.
 */

import { clamp } from "./between.js";

/** Milliseconds of one move: 0.8 s, never outside 0.5 to 1.25 s. */
export const moveTime = (speed) => clamp(800 / speed, 500, 1250);

/** Milliseconds to read a sentence before the next move. */
export const readTime = (sentence, speed) => clamp(500 + 12 * sentence.length, 700, 1800) / speed;

/** Call `frame` with 0..1 for `duration` ms, then `done`; returns what stops it. */
export function tween(duration, frame, done = () => {}) {
  let request = 0;
  let start = null;
  const tick = (now) => {
    start ??= now;
    const t = Math.min((now - start) / duration, 1);
    frame(t);
    if (t < 1) request = requestAnimationFrame(tick);
    else done();
  };
  request = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(request);
}

/** Whether the reader wants nothing to move. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Keep a number between two others, and go from one to the other.
 */

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Slow at both ends. */
export const ease = (t) => (t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t));

/** From one to the other. */
export const blend = (from, to, share) => from + (to - from) * share;

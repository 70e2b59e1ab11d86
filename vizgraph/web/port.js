/**
 * Place a drawing in a box: fit, zoom, pan, follow.
 */

import { clamp } from "./between.js";

const LARGEST_SCALE = 1.4; // the drawing is not blown up beyond this in the ordinary page
const SMALLEST_TEXT = 10; // px on screen that a fit never goes below
const PROJECTOR_TEXT = 24; // the same at a projector

// A port {x, y, scale} places the drawing: screen = drawing * scale + (x, y). Sizes are {width, height}.

/** The scale that shows the whole drawing in the box, `margin` pixels free on every side. */
export function fitScale(drawing, box, margin = 6) {
  const width = Math.max(box.width - 2 * margin, 1);
  const height = Math.max(box.height - 2 * margin, 1);
  return Math.min(width / drawing.width, height / drawing.height);
}

/** The scale to start with: all of the drawing, but no text below the least legible size and nothing blown up
 *  out of proportion. Where it can't be seen at once (the player follows the lit part then), it may as well be
 *  as big as its shorter side allows, up to its natural size. */
export function homeScale(drawing, box, smallestFont, projector = false) {
  const least = (projector ? PROJECTOR_TEXT : SMALLEST_TEXT) / smallestFont;
  const whole = fitScale(drawing, box);
  if (whole >= least) return Math.min(whole, Math.max(least, projector ? 2 * least : LARGEST_SCALE));
  const shorter = Math.max(box.width / drawing.width, box.height / drawing.height);
  return clamp(shorter, least, Math.max(least, 1));
}

/** Centre the drawing where it fits, and keep it from leaving an empty side where it overflows. */
export function settle(port, drawing, box, margin = 16) {
  const along = (offset, length, room) => {
    const free = room - length * port.scale;
    return free >= 2 * margin ? free / 2 : clamp(offset, free - margin, margin);
  };
  return {
    scale: port.scale,
    x: along(port.x, drawing.width, box.width),
    y: along(port.y, drawing.height, box.height),
  };
}

/** Where a drawing starts: in the middle, at the scale to start with. */
export function homePort(drawing, box, smallestFont, projector = false) {
  const scale = homeScale(drawing, box, smallestFont, projector);
  const middle = { scale, x: (box.width - drawing.width * scale) / 2, y: (box.height - drawing.height * scale) / 2 };
  return settle(middle, drawing, box);
}

/** Zoom by `factor` about the screen point (x, y), which stays where it is. */
export function zoomAt(port, factor, x, y, [least, most]) {
  const scale = clamp(port.scale * factor, least, most);
  const ratio = scale / port.scale;
  return { scale, x: x - (x - port.x) * ratio, y: y - (y - port.y) * ratio };
}

/** What a turn of the wheel zooms by: a notch (100 px or 3 lines) by about a fifth, a pinch's small steps by more. */
export function wheelFactor({ deltaY, deltaMode = 0 }) {
  const pixels = clamp(deltaMode === 1 ? deltaY * 33 : deltaY, -120, 120);
  return Math.exp(-pixels * (Math.abs(pixels) < 20 ? 0.01 : 0.002));
}

/** Keep some of the drawing in sight, however far it was dragged. */
export function inSight(port, drawing, box, least = 48) {
  return {
    scale: port.scale,
    x: clamp(port.x, least - drawing.width * port.scale, box.width - least),
    y: clamp(port.y, least - drawing.height * port.scale, box.height - least),
  };
}

/** The port with a part of the drawing in the middle. */
export function centred({ scale }, part, box) {
  const x = box.width / 2 - (part.x + part.width / 2) * scale;
  const y = box.height / 2 - (part.y + part.height / 2) * scale;
  return { scale, x, y };
}

/** The sides at which the drawing goes on. */
export function beyond({ x, y, scale }, drawing, box) {
  const sides = {
    left: x < -1,
    right: x + drawing.width * scale > box.width + 1,
    top: y < -1,
    bottom: y + drawing.height * scale > box.height + 1,
  };
  return Object.keys(sides).filter((side) => sides[side]);
}

/** The port that shows `part` (a rectangle of the drawing): unchanged if it is in sight, else centred on it. */
export function follow(port, part, drawing, box, margin = 12) {
  const seen = (start, length, room) => start >= margin && start + length <= room - margin;
  const x = part.x * port.scale + port.x;
  const y = part.y * port.scale + port.y;
  const width = part.width * port.scale;
  const height = part.height * port.scale;
  const fitsX = seen(x, width, box.width);
  const fitsY = seen(y, height, box.height);
  if (fitsX && fitsY) return port;
  const moved = {
    scale: port.scale,
    x: fitsX ? port.x : port.x + box.width / 2 - (x + width / 2),
    y: fitsY ? port.y : port.y + box.height / 2 - (y + height / 2),
  };
  return settle(moved, drawing, box);
}

/** The rectangle around several; null around none. */
export function around(parts) {
  if (!parts.length) return null;
  const x = Math.min(...parts.map((part) => part.x));
  const y = Math.min(...parts.map((part) => part.y));
  const right = Math.max(...parts.map((part) => part.x + part.width));
  const bottom = Math.max(...parts.map((part) => part.y + part.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** The rectangle around the first part and each of the others that fits into the room together with those before;
 *  null around none. */
export function together(parts, room) {
  if (!parts.length) return null;
  return parts.reduce((seen, part) => {
    const both = around([seen, part]);
    return both.width <= room.width && both.height <= room.height ? both : seen;
  });
}

/**
 * Write a text into its place in a drawing, narrower where it outgrows its room.
 */

import { setText } from "./dom.js";

export const CELL = 7.8; // width of a character of the drawing, in its own units

/** Write the text of a node or edge, {group, text}; an empty one leaves its chip out. */
export function writeText(item, words) {
  const { group, text } = item;
  setText(text, words);
  group.classList.toggle("is-empty", words === "");
  squeeze(item, words);
}

/** A text that is wider than its room, because v has grown, is drawn narrower: boxes stay where they are. */
function squeeze(item, words) {
  const isTight = words.length > 6 && words.length * CELL > (item.room ??= roomOf(item));
  if (isTight) narrow(item.text, item.room);
  else if (item.text.hasAttribute("textLength")) item.text.removeAttribute("textLength");
}

function narrow(text, room) {
  text.setAttribute("textLength", room);
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

/** How long a text may be: the box without its margins and its label, or the chip. */
function roomOf({ group }) {
  const box = group.querySelector(".vg-box, .vg-chip");
  const label = group.querySelector(".vg-label");
  const width = Number(box?.getAttribute("width") ?? Infinity);
  return box?.classList.contains("vg-chip") ? width - 10 : width - 18 - CELL * ((label?.textContent.length ?? 0) + 1);
}

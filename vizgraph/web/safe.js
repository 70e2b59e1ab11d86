/**
 * Rebuild SVG from an allow-list of elements and attributes.
 */

import { SVG } from "./dom.js";

const ELEMENTS = new Set(["svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title"]);
const ATTRIBUTES = new Set([
  "class", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "width", "height", "rx", "ry", "cx", "cy", "r",
  "viewBox", "transform", "text-anchor", "dominant-baseline", "role", "aria-label", "tabindex",
]);

export const elementAllowed = (name) => ELEMENTS.has(name);

export const attributeAllowed = (name) => ATTRIBUTES.has(name) || /^data-[a-z-]+$/.test(name);

/** Rebuild parsed SVG from the allow-list; anything else in it vanishes with all it holds. */
function rebuild(source) {
  const copy = document.createElementNS(SVG, source.localName);
  for (const { name, value } of source.attributes) if (attributeAllowed(name)) copy.setAttribute(name, value);
  for (const inner of source.childNodes) {
    if (inner.nodeType === Node.TEXT_NODE) copy.append(inner.data);
    else if (inner.nodeType === Node.ELEMENT_NODE && inner.namespaceURI === SVG && elementAllowed(inner.localName)) {
      copy.append(rebuild(inner));
    }
  }
  return copy;
}

/** The drawing as elements; null if the text is not an SVG. */
export function readSvg(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  return parsed.localName === "svg" && parsed.namespaceURI === SVG ? rebuild(parsed) : null;
}

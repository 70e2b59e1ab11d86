/**
 * Make buttons of pictures.
 */

import { make, makeSvg } from "./dom.js";

const ICONS = {
  first: "M6 5.5v13M18.5 5.5v13L9 12z",
  previous: "M16.5 5.5v13L7 12z",
  play: "M7.5 4.5v15L20 12z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  next: "M7.5 5.5v13L17 12z",
  last: "M18 5.5v13M5.5 5.5v13L15 12z",
  zoom_in: "M12 6v12M6 12h12",
  zoom_out: "M6 12h12",
  fit: "M5 9.5V5h4.5M14.5 5H19v4.5M19 14.5V19h-4.5M9.5 19H5v-4.5",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
};

/** A button with a picture on it; its name is read aloud and shown as a tip. */
export function iconButton(icon, name) {
  const path = makeSvg("path", { d: ICONS[icon] });
  const picture = makeSvg("svg", { class: "vg-icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
  const button = make("button", { type: "button", class: `vg-button vg-button-${icon.replace("_", "-")}` }, picture);
  return nameButton(button, name);
}

/** Give a button another picture. */
export function redraw(button, icon) {
  button.querySelector("path").setAttribute("d", ICONS[icon]);
}

export function nameButton(button, name) {
  button.setAttribute("aria-label", name);
  button.title = name;
  return button;
}

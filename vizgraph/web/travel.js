/**
 * Let the numbers of a beat travel along their edges, from consumers to inputs.
 */

import { ease } from "./between.js";
import { makeSvg } from "./dom.js";
import { tween } from "./pace.js";
import { nearest, pointAtLength } from "./routes.js";

/** Let the numbers of a beat travel over the sheet of a scene; `done` is called when they have arrived. Returns what stops it. */
export function travel(scene, beat, duration, done) {
  const travellers = (beat.moves ?? [])
    .filter((id) => scene.route(id).points.length > 1)
    .map((id) => traveller(scene, id, beat.contributions?.[id] ?? ""));
  const moveTo = (t) => travellers.forEach((move) => move(ease(t)));
  const clear = () => scene.overlay.replaceChildren();
  moveTo(0);
  const stop = tween(duration, moveTo, () => {
    clear();
    done();
  });
  return () => {
    stop();
    clear();
  };
}

/** A chip with the product on it, at the consumer's end of an edge; the function moves it. */
function traveller(scene, id, text) {
  const way = scene.route(id);
  const label = scene.edges.get(id).text;
  const { x: right, y: below } = label ? scene.offset(label) : { x: 0, y: 0 };
  const centre = label && { x: +label.getAttribute("x") + right, y: +label.getAttribute("y") + below };
  const middle = label ? nearest(way, centre).length : 0;
  const group = travellingChip(scene.overlay, text);
  return (t) => {
    const length = way.total * (1 - t);
    const { x, y } = pointAtLength(way, length);
    group.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
    if (text && length <= middle) scene.reveal(id, text);
  };
}

/** Its elements, as large as the text wants them. */
function travellingChip(overlay, text) {
  const chip = makeSvg("rect", { class: "vg-traveller-chip" });
  const words = makeSvg("text", { "text-anchor": "middle", "dominant-baseline": "central" });
  words.textContent = text;
  const group = makeSvg("g", { class: "vg-traveller" }, chip, words);
  overlay.append(group);
  const { width, height } = words.getBBox();
  const size = { x: -width / 2 - 8, y: -height / 2 - 3, width: width + 16, height: height + 6, rx: height / 2 + 3 };
  for (const [name, value] of Object.entries(size)) chip.setAttribute(name, value);
  return group;
}

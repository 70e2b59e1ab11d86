/**
 * Show a drawing that does not fit as a small map in the corner: where one looks, and a way to look elsewhere.
 */

import { make, makeSvg } from "./dom.js";

const SIZE = { width: 168, height: 104 }; // px, at most

/** The scale of the map of a drawing. */
export function mapScale({ width, height }) {
  return Math.min(SIZE.width / width, SIZE.height / height);
}

/** What is seen of a drawing through a port, in the drawing's own units. */
export function seen({ x, y, scale }, drawing, box) {
  const [left, top] = [Math.max(0, -x / scale), Math.max(0, -y / scale)];
  const [right, bottom] = [Math.min(drawing.width, (box.width - x) / scale), Math.min(drawing.height, (box.height - y) / scale)];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

export class MiniMap {
  constructor(player) {
    this.player = player;
    this.boxes = makeSvg("g");
    this.frame = makeSvg("rect", { class: "vg-map-frame" });
    this.svg = makeSvg("svg", { role: "img" }, this.boxes, this.frame);
    this.element = make("div", { class: "vg-map" }, this.svg);
    this.element.hidden = true;
    for (const name of ["pointerdown", "pointermove"]) this.element.addEventListener(name, (event) => this.move(event));
  }

  /** Another drawing is shown, or a group was opened or closed. */
  draw() {
    const { scene, words } = this.player;
    const { width, height } = scene.view;
    this.scale = mapScale(scene.view);
    const size = { width: width * this.scale, height: height * this.scale, viewBox: `0 0 ${width} ${height}` };
    for (const [name, value] of Object.entries(size)) this.svg.setAttribute(name, value);
    this.svg.setAttribute("aria-label", words["player.map"] ?? "");
    const closed = [...scene.nodes].filter(([, { group }]) => !group.classList.contains("is-open"));
    const rectangles = closed.map(([id, { group }]) => {
      const { x, y, width: wide, height: high } = scene.rectangle(id);
      return makeSvg("rect", { class: `vg-map-${group.classList.contains("vg-leaf") ? "leaf" : "node"}`, x, y, width: wide, height: high });
    });
    this.boxes.replaceChildren(...rectangles);
    this.look();
  }

  /** The part that is seen; a drawing that is seen whole needs no map. */
  look() {
    const { stage, scene } = this.player;
    if (!scene || this.scale === undefined) return;
    const part = seen(stage.port, scene.view, stage.box);
    this.element.hidden = part.width >= scene.view.width - 1 && part.height >= scene.view.height - 1;
    for (const [name, value] of Object.entries(part)) this.frame.setAttribute(name, value);
  }

  move(event) {
    event.stopPropagation();
    if (!(event.buttons & 1)) return;
    const { left, top } = this.svg.getBoundingClientRect();
    this.player.stage.centre({ x: (event.clientX - left) / this.scale, y: (event.clientY - top) / this.scale, width: 0, height: 0 });
  }
}

/**
 * Show a drawing that does not fit as a small map in the corner: where one looks, and a way to look elsewhere.
 */

import { make, makeSvg } from "./dom.js";

const SIZE = { width: 168, height: 104 }; // px, at most
const SHARE = { width: 0.2, height: 0.3 }; // of the box that it stands in, at most
const MOST_SEEN = 0.6; // of the drawing; where more is seen, a map would hide more than it shows
const LIT = 20; // times as bad as another node, to hide one that is lit
const EDGE = 10; // px between the map and the side it stands at
const TITLE_ROW = { width: 240, height: 34 }; // of the frame around an opened group, at most, in units of the drawing
// From left to right, from top to bottom: the corners, then the middles of the sides; the first that hides the least is taken.
const PLACES = [[0, 1], [1, 0], [1, 1], [0, 0], [0.5, 1], [0.5, 0], [1, 0.5], [0, 0.5]];

/** The scale of the map of a drawing in a box. */
export function mapScale({ width, height }, box) {
  const most = (side) => Math.min(SIZE[side], SHARE[side] * box[side]);
  return Math.min(most("width") / width, most("height") / height);
}

/** What is seen of a drawing through a port, in the drawing's own units. */
export function seen({ x, y, scale }, drawing, box) {
  const [left, top] = [Math.max(0, -x / scale), Math.max(0, -y / scale)];
  const [right, bottom] = [Math.min(drawing.width, (box.width - x) / scale), Math.min(drawing.height, (box.height - y) / scale)];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Where a map of that size hides the least of the rectangles, by their weights: where it stood, if that is as good. */
export function place(box, size, rectangles, before = null) {
  const places = PLACES.map(([across, down]) => ({
    x: Math.round(EDGE + across * (box.width - size.width - 2 * EDGE)),
    y: Math.round(EDGE + down * (box.height - size.height - 2 * EDGE)),
  }));
  const stood = places.find(({ x, y }) => x === before?.x && y === before?.y);
  if (stood) places.unshift(stood);
  const hidden = ({ x, y }) => rectangles.reduce((sum, other) => {
    const wide = Math.min(x + size.width, other.x + other.width) - Math.max(x, other.x);
    const high = Math.min(y + size.height, other.y + other.height) - Math.max(y, other.y);
    return sum + Math.max(0, wide) * Math.max(0, high) * (other.weight ?? 1);
  }, 0);
  const areas = places.map(hidden);
  return places[areas.indexOf(Math.min(...areas))];
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
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("aria-label", words["player.map"] ?? "");
    const isOpen = ({ group }) => group.classList.contains("is-open");
    const all = [...scene.nodes].map(([id, { group }]) => ({ group, ...(isOpen({ group }) ? scene.box(id) : scene.rectangle(id)) }));
    const rectangles = all.map((part) => {
      const kind = isOpen(part) ? "open" : part.group.classList.contains("vg-leaf") ? "leaf" : "node";
      return makeSvg("rect", { class: `vg-map-${kind}`, x: part.x, y: part.y, width: part.width, height: part.height });
    });
    this.boxes.replaceChildren(...rectangles);
    const head = (part) => ({ ...part, width: Math.min(part.width, TITLE_ROW.width), height: TITLE_ROW.height });
    this.parts = [...all.map((part) => (isOpen(part) ? head(part) : part)), ...scene.seats()];
    this.labels = scene.labels();
    this.at = null;
    this.look();
  }

  /** The part that is seen; a drawing that is seen nearly whole needs no map. */
  look() {
    const { stage, scene } = this.player;
    if (!scene || !this.parts) return;
    const part = seen(stage.port, scene.view, stage.box);
    this.element.hidden = part.width * part.height >= MOST_SEEN * scene.view.width * scene.view.height;
    if (this.element.hidden) return;
    this.scale = mapScale(scene.view, stage.box);
    const size = { width: scene.view.width * this.scale, height: scene.view.height * this.scale };
    for (const [name, value] of Object.entries(size)) this.svg.setAttribute(name, value);
    for (const [name, value] of Object.entries(part)) this.frame.setAttribute(name, value);
    this.at = place(stage.box, size, this.placed(), this.at);
    Object.assign(this.element.style, { left: `${this.at.x}px`, top: `${this.at.y}px` });
  }

  /** Where the nodes, the titles of opened groups, every v and the numbers stand on the stage; what is lit weighs more. */
  placed() {
    const { x, y, scale } = this.player.stage.port;
    const written = this.labels.filter(({ group }) => !group.classList.contains("is-empty"));
    return [...this.parts, ...written].map((part) => ({
      x: part.x * scale + x,
      y: part.y * scale + y,
      width: part.width * scale,
      height: part.height * scale,
      weight: part.group.classList.contains("is-active") ? LIT : 1,
    }));
  }

  move(event) {
    event.stopPropagation();
    if (!(event.buttons & 1)) return;
    const { left, top } = this.svg.getBoundingClientRect();
    this.player.stage.centre({ x: (event.clientX - left) / this.scale, y: (event.clientY - top) / this.scale, width: 0, height: 0 });
  }
}

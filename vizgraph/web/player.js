/**
 * Play a payload: draw the graph of one program and step through its backward pass.
 *
 * One module, used in two places. Streamlit calls the default export (custom component v2), again
 * with every new payload; the stand-alone page calls `mount`. The payload's contract is in
 * docs/ARCHITECTURE.md. Everything in it is data: texts become text nodes, and the SVG is rebuilt
 * from an allow-list of elements and attributes.
 *
 * From top to bottom: pure helpers (tested by `node --test`), the Scene (one drawn view), the Stage
 * (zoom and pan), the Card, and the Player that holds them together.
 */

import { make, makeSvg, SVG } from "./dom.js";
import { FindingList } from "./findings.js";
import { Groups } from "./groups.js";
import { Heat } from "./heat.js";
import { Inputs } from "./inputs.js";
import { MiniMap } from "./minimap.js";
import { Search } from "./search.js";
import { Vector } from "./vector.js";

const ELEMENTS = new Set(["svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title"]);
const ATTRIBUTES = new Set([
  "class", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "width", "height", "rx", "ry", "cx", "cy", "r",
  "viewBox", "transform", "text-anchor", "dominant-baseline", "role", "aria-label", "tabindex",
]);

const SPEEDS = [0.5, 1, 2];
const SWEEP = 380; // ms of a move while the Jacobian is built row by row
const SETTLED = 300; // ms without a change, after which Python hears of the step
const LARGEST_SCALE = 1.4; // the drawing is not blown up beyond this in the ordinary page
const SMALLEST_TEXT = 10; // px on screen that a fit never goes below
const PROJECTOR_TEXT = 24; // the same at a projector
const LARGE = 200; // drawings with more nodes and edges fade nothing in or out
const CELL = 7.8; // width of a character of the drawing, in its own units
const TABBABLE = 60; // graphs with more nodes offer only the lit ones to the Tab key

// --- pure: the fold -------------------------------------------------------------------------------

/** The picture at `step`: the fold of beats 0..step. Texts of `leaves` survive a clearing beat. */
export function stateAt(beats, step, leaves = new Set()) {
  const gradients = new Map();
  const contributions = new Map();
  for (const beat of beats.slice(0, step + 1)) {
    if (beat.clears) {
      for (const id of [...gradients.keys()]) if (!leaves.has(id)) gradients.delete(id);
      contributions.clear();
    }
    for (const [id, text] of Object.entries(beat.gradients ?? {})) gradients.set(id, text);
    for (const [id, text] of Object.entries(beat.contributions ?? {})) contributions.set(id, text);
  }
  return { gradients, contributions, ...lightAt(beats, step) };
}

/** What is lit at `step`, and whether the rest is dimmed: never on the first and the last beat. */
export function lightAt(beats, step) {
  const beat = beats[step];
  const nodes = new Set(beat.nodes ?? []);
  const edges = new Set(beat.edges ?? []);
  const whole = beat.kind === "start" || beat.kind === "end";
  return { nodes, edges, dims: !whole && nodes.size + edges.size > 0 };
}

/** The picture while the move of `step` is under way: its light is on, its numbers have not arrived. */
export function stateBefore(beats, step, leaves = new Set()) {
  const waiting = { ...beats[step], gradients: {}, contributions: {} };
  return stateAt([...beats.slice(0, step), waiting], step, leaves);
}

/** The step of `to` that tells what `step` of `from` tells: the same kind of beat about the same node,
 *  counted from the start; where there is none, the same share of the way. */
export function sameMoment(from, step, to) {
  const last = to.length - 1;
  if (step <= 0) return 0;
  if (step >= from.length - 1) return last;
  const name = (beat) => `${beat.kind} ${(beat.nodes ?? [])[0] ?? ""}`;
  const wanted = name(from[step]);
  let count = from.slice(0, step + 1).filter((beat) => name(beat) === wanted).length;
  const found = to.findIndex((beat) => name(beat) === wanted && --count === 0);
  return found >= 0 ? found : Math.round((step / (from.length - 1)) * last);
}

/** Rows of a card as [label, text] at `step`. A text that changes is a list of [from step, text or null]. */
export function cardRows(rows, step, notYet) {
  return rows.map(([label, text]) => {
    if (!Array.isArray(text)) return [label, text];
    const heard = text.filter(([from]) => from <= step);
    return [label, heard.length ? (heard[heard.length - 1][1] ?? notYet) : notYet];
  });
}

/** The template with each `{name}` replaced by its value. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The longest of the texts: a line reserves room for it, so that nothing jumps. */
export function longest(texts) {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), "");
}

// --- pure: time -----------------------------------------------------------------------------------

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Slow at both ends. */
export const ease = (t) => (t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) * (1 - t));

/** Milliseconds of one move: 0.8 s, never outside 0.5 to 1.25 s. */
export const moveTime = (speed) => clamp(800 / speed, 500, 1250);

/** Milliseconds to read a sentence before the next move. */
export const readTime = (sentence, speed) => clamp(500 + 12 * sentence.length, 700, 1800) / speed;

// --- pure: geometry -------------------------------------------------------------------------------
// A port {x, y, scale} places the drawing: screen = drawing * scale + (x, y). Sizes are {width, height}.

/** The scale that shows the whole drawing in the box, `margin` pixels free on every side. */
export function fitScale(drawing, box, margin = 16) {
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

/** The port that shows `part` (a rectangle of the drawing): unchanged if it is in sight, else centred on it. */
export function follow(port, part, drawing, box, margin = 24) {
  const seen = (start, length, room) => start >= margin && start + length <= room - margin;
  const x = part.x * port.scale + port.x;
  const y = part.y * port.scale + port.y;
  const width = part.width * port.scale;
  const height = part.height * port.scale;
  const fitsX = seen(x, width, box.width);
  const fitsY = seen(y, height, box.height);
  if (fitsX && fitsY) return port;
  const centred = {
    scale: port.scale,
    x: fitsX ? port.x : port.x + box.width / 2 - (x + width / 2),
    y: fitsY ? port.y : port.y + box.height / 2 - (y + height / 2),
  };
  return settle(centred, drawing, box);
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

/** The points of a path of M, L and C commands (absolute, as `svg.draw` writes them), its curves cut
 *  into `pieces` each, with the length of the way up to each point. */
export function route(d, pieces = 16) {
  const points = [];
  for (const [, command, text] of d.matchAll(/([MLC])([^MLC]*)/g)) {
    const numbers = (text.match(/-?\d*\.?\d+(?:e-?\d+)?/gi) ?? []).map(Number);
    const size = command === "C" ? 6 : 2;
    for (let i = 0; i + size <= numbers.length; i += size) {
      const chunk = numbers.slice(i, i + size);
      if (command === "C") points.push(...bend(points[points.length - 1], chunk, pieces));
      else points.push({ x: chunk[0], y: chunk[1] });
    }
  }
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y));
  }
  return { points, lengths, total: lengths[lengths.length - 1] };
}

/** The points of one cubic Bézier curve after its start. */
function bend(start, [x1, y1, x2, y2, x3, y3], pieces) {
  return Array.from({ length: pieces }, (_, i) => {
    const t = (i + 1) / pieces;
    const u = 1 - t;
    const mix = (a, b, c, e) => u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * e;
    return { x: mix(start.x, x1, x2, x3), y: mix(start.y, y1, y2, y3) };
  });
}

/** The point at `length` along a route. */
export function pointAtLength({ points, lengths, total }, length) {
  const wanted = clamp(length, 0, total);
  const next = lengths.findIndex((far) => far >= wanted);
  if (next <= 0) return points[0];
  const share = (wanted - lengths[next - 1]) / (lengths[next] - lengths[next - 1] || 1);
  const [a, b] = [points[next - 1], points[next]];
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** How far a point is from a route, and at which length of the route it is nearest. */
export function nearest({ points, lengths }, { x, y }) {
  let best = { distance: Infinity, length: 0 };
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const piece = lengths[i] - lengths[i - 1];
    const along = piece ? ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / (piece * piece) : 0;
    const t = clamp(along, 0, 1);
    const distance = Math.hypot(a.x + (b.x - a.x) * t - x, a.y + (b.y - a.y) * t - y);
    if (distance < best.distance) best = { distance, length: lengths[i - 1] + piece * t };
  }
  return best;
}

// --- pure: what may be drawn ----------------------------------------------------------------------

export const elementAllowed = (name) => ELEMENTS.has(name);

export const attributeAllowed = (name) => ATTRIBUTES.has(name) || /^data-[a-z-]+$/.test(name);

/** How light a CSS colour `rgb(r, g, b)` is, from 0 to 1; null for any other text. */
export function lightness(colour) {
  const match = /^rgba?\(\s*([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)/.exec(colour);
  return match && (0.2126 * match[1] + 0.7152 * match[2] + 0.0722 * match[3]) / 255;
}

// --- the document ---------------------------------------------------------------------------------

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
function readSvg(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  return parsed.localName === "svg" && parsed.namespaceURI === SVG ? rebuild(parsed) : null;
}

/** Call `frame` with 0..1 for `duration` ms, then `done`; returns what stops it. */
function tween(duration, frame, done = () => {}) {
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

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// --- Scene: one drawn view ------------------------------------------------------------------------

class Scene {
  constructor(view) {
    this.view = view;
    this.svg = readSvg(view.svg) ?? makeSvg("svg");
    this.whole = view; // with every group closed; `view` is what is drawn now
    this.overlay = null; // where numbers travel; the stage gives it
    this.picked = null;
    this.refresh();
  }

  /** Look at all that is drawn: nothing is told or lit yet. */
  refresh() {
    this.nodes = this.index("data-node", "gradient");
    this.edges = this.index("data-edge", "contribution");
    this.leaves = new Set([...this.nodes].filter(([, { group }]) => isLeaf(group)).map(([id]) => id));
    this.state = { gradients: new Map(), contributions: new Map(), nodes: new Set(), edges: new Set(), dims: false };
    this.unlit = true; // nothing has been lit or dimmed yet
    this.routes = new Map();
  }

  get beats() {
    return this.follower?.beats ?? this.view.beats;
  }

  /** Take a newer view of the same graph into the drawing that is there: only its texts change, nothing moves.
   *  False if the drawings differ in more than that. */
  adopt(view) {
    const fresh = readSvg(view.svg);
    if (!fresh || view.beats.length !== this.view.beats.length || !isAlike(this.svg, fresh)) return false;
    graft(this.svg, fresh);
    this.view = this.whole = { ...view, width: this.view.width, height: this.view.height };
    return true;
  }

  get last() {
    return this.beats.length - 1;
  }

  /** id -> the group of a node or edge and the text in it that the backward pass fills. */
  index(attribute, role) {
    const entries = [...this.svg.querySelectorAll(`[${attribute}]`)].map((group) => [
      group.getAttribute(attribute),
      { group, text: group.querySelector(`[data-role="${role}"]`) },
    ]);
    for (const [, item] of entries) if (item.text) writeText(item, "");
    return new Map(entries);
  }

  /** Show a state; only what differs from the one before is touched. */
  show(state, fresh = false) {
    this.write(this.nodes, this.state.gradients, state.gradients, fresh);
    this.write(this.edges, this.state.contributions, state.contributions, fresh);
    const all = this.unlit || this.state.dims !== state.dims;
    this.light(this.nodes, all ? this.nodes.keys() : [...this.state.nodes, ...state.nodes], state.nodes, state.dims);
    this.light(this.edges, all ? this.edges.keys() : [...this.state.edges, ...state.edges], state.edges, state.dims);
    this.state = state;
    this.unlit = false;
  }

  write(items, before, after, fresh) {
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const item = items.get(id);
      if (!item?.text) continue;
      const changed = before.get(id) !== after.get(id);
      item.text.classList.toggle("is-new", fresh && changed && after.has(id));
      if (changed) writeText(item, after.get(id) ?? "");
    }
  }

  /** Light what is in `lit` among the items with those ids. The Tab key stops at the lit ones, else at every
   *  node of a small picture. */
  light(items, ids, lit, dims) {
    const open = !dims && items === this.nodes && items.size <= TABBABLE;
    for (const id of ids) {
      const group = items.get(id)?.group;
      if (!group) continue;
      group.classList.toggle("is-active", lit.has(id));
      group.classList.toggle("is-dim", dims && !lit.has(id));
      group.setAttribute("tabindex", open || lit.has(id) ? "0" : "-1");
    }
  }

  /** Show the number of one edge before its step has settled: the traveller has just passed the label. */
  reveal(id, text) {
    if (this.state.contributions.get(id) === text) return;
    this.state.contributions.set(id, text);
    writeText(this.edges.get(id), text);
  }

  route(id) {
    if (!this.routes.has(id)) {
      const path = this.edges.get(id)?.group.querySelector(".vg-line");
      const way = path ? route(path.getAttribute("d") ?? "") : { points: [], lengths: [0], total: 0 };
      const { x, y } = path ? this.offset(path) : { x: 0, y: 0 };
      this.routes.set(id, { ...way, points: way.points.map((point) => ({ x: point.x + x, y: point.y + y })) });
    }
    return this.routes.get(id);
  }

  /** The rectangle of one node in the drawing. */
  rectangle(id) {
    const group = (this.nodes.get(id) ?? this.seeds?.get(id))?.group;
    if (!group) return null;
    const { x, y, width, height } = group.getBBox(); // before the group's own translation
    const moved = this.offset(group);
    return { x: x + moved.x, y: y + moved.y, width, height };
  }

  /** How far an element is moved in the drawing, with all that it stands in. */
  offset(element) {
    const moved = { x: 0, y: 0 };
    for (let at = element; at && at !== this.svg; at = at.parentNode) {
      const matrix = at.transform?.baseVal.consolidate()?.matrix;
      moved.x += matrix?.e ?? 0;
      moved.y += matrix?.f ?? 0;
    }
    return moved;
  }

  /** What a beat is about: the nodes that are lit, the two ends of its edges, the v that it places. */
  part(beat) {
    const ends = [...(beat.edges ?? []), ...(beat.moves ?? [])].flatMap((id) => this.ends(id));
    const nodes = beat.nodes ?? [];
    const placed = beat.kind === "seed" ? (this.view.seeds ?? []).filter(({ node }) => nodes.includes(node)) : [];
    return [...new Set([...nodes, ...ends, ...placed.map(({ id }) => id)])];
  }

  ends(id) {
    const group = this.edges.get(id)?.group;
    return group ? [group.getAttribute("data-source"), group.getAttribute("data-target")] : [];
  }

  around(ids) {
    return around(ids.map((id) => this.rectangle(id)).filter(Boolean));
  }

  /** The smallest text of the drawing, in its own units; one text of each kind is asked. */
  smallestFont() {
    const kinds = new Map();
    for (const text of this.svg.querySelectorAll("text")) {
      kinds.set(`${text.getAttribute("class")} ${text.getAttribute("data-role")}`, text);
    }
    const sizes = [...kinds.values()].map((text) => parseFloat(getComputedStyle(text).fontSize)).filter((size) => size > 0);
    return sizes.length ? Math.min(...sizes) : 12;
  }

  /** Mark what the board points at; with null nothing. */
  link(found) {
    for (const [items, ids] of [[this.nodes, found?.nodes], [this.edges, found?.edges]]) {
      const marked = new Set(ids ?? []);
      for (const [id, { group }] of items) group.classList.toggle("is-linked", marked.has(id));
    }
  }

  pick(id) {
    for (const one of [this.picked, id]) {
      const group = (this.nodes.get(one) ?? this.edges.get(one))?.group;
      group?.classList.toggle("is-picked", one === id);
    }
    this.picked = id;
  }

  /** Let the numbers of a beat travel from consumers to inputs; returns what stops it. */
  move(beat, duration, done) {
    const travellers = (beat.moves ?? [])
      .filter((id) => this.route(id).points.length > 1)
      .map((id) => this.traveller(id, beat.contributions?.[id] ?? ""));
    const travel = (t) => travellers.forEach((traveller) => traveller(ease(t)));
    travel(0);
    const stop = tween(
      duration,
      travel,
      () => {
        this.overlay.replaceChildren();
        done();
      },
    );
    return () => {
      stop();
      this.overlay.replaceChildren();
    };
  }

  /** A chip with the product on it, at the consumer's end of an edge; the function moves it. */
  traveller(id, text) {
    const way = this.route(id);
    const label = this.edges.get(id).text;
    const { x: right, y: below } = label ? this.offset(label) : { x: 0, y: 0 };
    const centre = label && { x: +label.getAttribute("x") + right, y: +label.getAttribute("y") + below };
    const middle = label ? nearest(way, centre).length : 0;
    const chip = makeSvg("rect", { class: "vg-traveller-chip" });
    const words = makeSvg("text", { "text-anchor": "middle", "dominant-baseline": "central" });
    words.textContent = text;
    const group = makeSvg("g", { class: "vg-traveller" }, chip, words);
    this.overlay.append(group);
    const { width, height } = words.getBBox();
    const size = { x: -width / 2 - 8, y: -height / 2 - 3, width: width + 16, height: height + 6, rx: height / 2 + 3 };
    for (const [name, value] of Object.entries(size)) chip.setAttribute(name, value);
    return (t) => {
      const length = way.total * (1 - t);
      const { x, y } = pointAtLength(way, length);
      group.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
      if (text && length <= middle) this.reveal(id, text);
    };
  }
}

/** The node or edge that an element belongs to; null for the background. */
function idAt(element) {
  const group = element.closest("[data-node], [data-edge]");
  return group ? (group.getAttribute("data-node") ?? group.getAttribute("data-edge")) : null;
}

function writeText(item, words) {
  const { group, text } = item;
  text.textContent = words;
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

const isSameIn = (one, other, name) => one.getAttribute(name) === other.getAttribute(name);

/** Whether two drawings show the same things in the same order, whatever their texts and places. */
function isAlike(one, other) {
  const names = ["data-node", "data-edge", "data-seed", "data-entry", "data-role"];
  return (
    one.localName === other.localName &&
    names.every((name) => isSameIn(one, other, name)) &&
    one.children.length === other.children.length &&
    [...one.children].every((child, i) => isAlike(child, other.children[i]))
  );
}

/** Take over the texts of a drawing that is alike, but for those that the player fills. */
function graft(one, other) {
  if (one.hasAttribute("data-role")) return;
  if (other.hasAttribute("aria-label")) one.setAttribute("aria-label", other.getAttribute("aria-label"));
  if (one.localName === "text" && one.textContent !== other.textContent) {
    one.replaceChildren(...[...other.childNodes].map((child) => child.cloneNode(true)));
  }
  [...one.children].forEach((child, i) => one.localName !== "text" && graft(child, other.children[i]));
}

const isLeaf = (group) => group.classList.contains("vg-leaf");

// --- Stage: zoom and pan --------------------------------------------------------------------------

class Stage {
  constructor(element, onPick) {
    this.element = element;
    this.onPick = onPick;
    this.scene = null;
    this.port = { x: 0, y: 0, scale: 1 };
    this.isHome = true; // as `home` placed it: a new size of the page may place it again
    this.projector = false;
    this.smallest = 12;
    // Numbers travel on a sheet of their own, so that the drawing below is not painted again for every frame.
    this.overlay = makeSvg("g");
    this.sheet = make("div", { class: "vg-overlay" }, makeSvg("svg", { "aria-hidden": "true" }, this.overlay));
    this.pointers = new Map();
    this.stopPan = () => {};
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(element);
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    element.addEventListener("pointerdown", (event) => this.press(event));
    element.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, (event) => this.release(event));
    element.addEventListener("dblclick", () => this.fit());
    element.addEventListener("focusin", (event) => this.reach(event.target));
  }

  get box() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  get drawing() {
    return this.scene.view;
  }

  /** Put another scene on the stage; `keep` leaves zoom and place as they are. */
  show(scene, projector, keep) {
    this.scene = scene;
    this.overlay.replaceChildren();
    scene.overlay = this.overlay;
    this.element.replaceChildren(scene.svg, this.sheet);
    this.element.classList.toggle("is-large", scene.nodes.size + scene.edges.size > LARGE);
    this.smallest = scene.smallestFont();
    if (keep && projector === this.projector) this.place(this.port);
    else this.home(projector);
  }

  destroy() {
    this.observer.disconnect();
    this.stopPan();
  }

  resize() {
    if (!this.scene || !this.box.width) return;
    if (this.isHome) this.home(this.projector);
    else this.place(inSight(this.port, this.drawing, this.box));
    this.onResize?.();
  }

  /** Fit, within what can be read. */
  home(projector) {
    this.stopPan();
    this.projector = projector;
    const scale = homeScale(this.drawing, this.box, this.smallest, projector);
    const centre = {
      scale,
      x: (this.box.width - this.drawing.width * scale) / 2,
      y: (this.box.height - this.drawing.height * scale) / 2,
    };
    this.place(settle(centre, this.drawing, this.box));
    this.isHome = true;
  }

  /** The button and the double click: home, and from home (if that hides a part) all of the drawing. */
  fit() {
    const whole = fitScale(this.drawing, this.box);
    if (!this.isHome || whole >= this.port.scale) this.home(this.projector);
    else this.place(settle({ ...this.port, scale: whole }, this.drawing, this.box));
    this.isHome = this.port.scale !== whole;
  }

  zoom(factor, x = this.box.width / 2, y = this.box.height / 2) {
    this.stopPan();
    const limits = [Math.min(fitScale(this.drawing, this.box), this.port.scale, 0.5), Math.max(6, this.port.scale)];
    const port = zoomAt(this.port, factor, x, y, limits);
    if (port.scale === this.port.scale) return false;
    this.place(inSight(port, this.drawing, this.box));
    this.isHome = false;
    return true;
  }

  /** Bring what the Tab key reached into sight. */
  reach(target) {
    const id = target.matches(":focus-visible") ? idAt(target) : null;
    if (id !== null) this.follow(this.scene.around(this.scene.nodes.has(id) ? [id] : this.scene.ends(id)), !isStill());
  }

  /** Bring a part of the drawing into sight. */
  follow(part, smooth) {
    if (!part || !this.box.width) return;
    const goal = follow(this.port, part, this.drawing, this.box);
    this.stopPan();
    if (goal === this.port) return;
    if (!smooth) return this.place(goal);
    const from = this.port;
    this.stopPan = tween(350, (t) => {
      const share = ease(t);
      const between = (a, b) => a + (b - a) * share;
      this.place({ scale: goal.scale, x: between(from.x, goal.x), y: between(from.y, goal.y) });
    });
  }

  /** Put a part of the drawing in the middle. */
  centre(part) {
    if (!part || !this.box.width) return;
    this.stopPan();
    const { scale } = this.port;
    const x = this.box.width / 2 - (part.x + part.width / 2) * scale;
    const y = this.box.height / 2 - (part.y + part.height / 2) * scale;
    this.place(inSight({ scale, x, y }, this.drawing, this.box));
    this.isHome = false;
  }

  /** A pan moves the whole picture as one layer; only a zoom draws it anew. */
  place(port) {
    const { svg, view } = this.scene;
    if (svg.getAttribute("data-scale") !== String(port.scale)) {
      svg.setAttribute("data-scale", port.scale);
      svg.setAttribute("width", view.width * port.scale);
      svg.setAttribute("height", view.height * port.scale);
    }
    svg.style.transform = `translate(${port.x}px, ${port.y}px)`;
    this.overlay.setAttribute("transform", `translate(${port.x} ${port.y}) scale(${port.scale})`);
    this.port = port;
    this.hint();
    this.onPlace?.();
  }

  /** Say at which sides the drawing goes on. */
  hint() {
    const { width, height } = this.box;
    const { x, y, scale } = this.port;
    const beyond = {
      left: x < -1,
      right: x + this.drawing.width * scale > width + 1,
      top: y < -1,
      bottom: y + this.drawing.height * scale > height + 1,
    };
    const sides = Object.keys(beyond).filter((side) => beyond[side]).join(" ");
    if (this.element.dataset.more !== sides) this.element.dataset.more = sides;
  }

  /** Ctrl or a pinch zooms; the bare wheel does once the graph was clicked, so that a page can be scrolled past it. */
  wheel(event) {
    const focused = this.element.contains(this.element.getRootNode().activeElement);
    if (!this.scene || !(event.ctrlKey || event.metaKey || focused)) return;
    const { left, top } = this.element.getBoundingClientRect();
    const zoomed = this.zoom(wheelFactor(event), event.clientX - left, event.clientY - top);
    if (zoomed || event.ctrlKey) event.preventDefault();
  }

  press(event) {
    if (event.button !== 0) return;
    this.stopPan();
    this.pointers.set(event.pointerId, event);
    this.start = { event, port: this.port, dragged: this.pointers.size > 1 };
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.scene) return;
    if (this.pointers.size === 2) this.pinch(event);
    else this.pull(event);
    this.pointers.set(event.pointerId, event);
  }

  pull(event) {
    const dx = event.clientX - this.start.event.clientX;
    const dy = event.clientY - this.start.event.clientY;
    if (!this.start.dragged && Math.hypot(dx, dy) < 4) return;
    if (!this.start.dragged) this.element.setPointerCapture(event.pointerId);
    this.start.dragged = true;
    this.element.classList.add("is-dragged");
    const port = { ...this.start.port, x: this.start.port.x + dx, y: this.start.port.y + dy };
    this.place(inSight(port, this.drawing, this.box));
    this.isHome = false;
  }

  pinch(event) {
    const [one, other] = [...this.pointers.values()];
    const fixed = one.pointerId === event.pointerId ? other : one;
    const moved = fixed === one ? other : one;
    const span = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const { left, top } = this.element.getBoundingClientRect();
    this.zoom(span(fixed, event) / (span(fixed, moved) || 1), fixed.clientX - left, fixed.clientY - top);
  }

  release(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    this.element.classList.remove("is-dragged");
    const clicked = event.type === "pointerup" && !this.start.dragged && !this.pointers.size;
    this.start = { event, port: this.port, dragged: this.pointers.size > 0 };
    if (clicked && this.scene) this.onPick(idAt(event.target));
  }
}

// --- Card -----------------------------------------------------------------------------------------

class Card {
  constructor(onClose) {
    this.title = make("h3", { class: "vg-card-title" });
    this.close = iconButton("close", "");
    this.close.addEventListener("click", onClose);
    this.rows = make("dl", { class: "vg-card-rows" });
    const head = make("header", { class: "vg-card-head" }, this.title, this.close);
    this.element = make("aside", { class: "vg-card" }, head, this.rows);
    this.element.hidden = true;
  }

  name(words) {
    this.element.setAttribute("aria-label", words["player.card"]);
    nameButton(this.close, words["player.close"]);
  }

  /** Show a card of the payload at a step, or nothing. */
  show(card, step, notYet) {
    this.element.hidden = !card;
    if (!card) return;
    this.title.textContent = card.title;
    const rows = cardRows(card.rows, step, notYet).flatMap(([label, text]) => [
      make("dt", { text: label }),
      make("dd", { text, ...(text === notYet ? { class: "is-waiting" } : {}) }),
    ]);
    this.rows.replaceChildren(...rows);
  }
}

// --- Player ---------------------------------------------------------------------------------------

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

function iconButton(icon, name) {
  const path = makeSvg("path", { d: ICONS[icon] });
  const picture = makeSvg("svg", { class: "vg-icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
  const button = make("button", { type: "button", class: `vg-button vg-button-${icon.replace("_", "-")}` }, picture);
  return nameButton(button, name);
}

function nameButton(button, name) {
  button.setAttribute("aria-label", name);
  button.title = name;
  return button;
}

class Player {
  constructor(parent) {
    this.payload = null;
    this.scenes = new Map();
    this.name = "math";
    this.step = 0;
    this.speed = 1;
    this.playing = false;
    this.picked = null;
    this.looked = null;
    this.tell = () => {};
    this.onBeat = () => {};
    this.told = null;
    this.stopMove = () => {};
    this.build(parent);
    this.stage = new Stage(this.graph, (id) => this.pick(id));
    this.stage.onPlace = () => this.map.look();
    this.stage.onResize = () => this.lookAt(false, false, this.picked);
    this.themes = matchMedia("(prefers-color-scheme: dark)");
    this.onTheme = () => this.dress();
    this.themes.addEventListener("change", this.onTheme);
    this.onLight = (event) => this.scene?.link(event.detail);
    this.onHello = () => this.scene && this.announce("beat", { beat: this.scene.beats[this.step] });
    document.addEventListener("vizgraph:light", this.onLight);
    document.addEventListener("vizgraph:hello", this.onHello);
  }

  /** Tell whoever listens on this page (the board) what is shown. */
  announce(name, detail) {
    const about = { key: this.payload.key, view: this.name, step: this.step };
    document.dispatchEvent(new CustomEvent(`vizgraph:${name}`, { detail: { ...about, ...detail } }));
  }

  /** What is under the pointer, or focused, in the graph. */
  look(id) {
    if (id === this.looked || !this.payload) return;
    this.looked = id;
    this.announce("look", { id });
  }

  // --- the elements

  build(parent) {
    this.graph = make("div", { class: "vg-graph", tabindex: "0", role: "group" });
    for (const name of ["pointerover", "focusin"]) this.graph.addEventListener(name, ({ target }) => this.look(idAt(target)));
    for (const name of ["pointerleave", "focusout"]) this.graph.addEventListener(name, () => this.look(this.picked));
    this.card = new Card(() => this.pick(null));
    this.sentence = make("span", { role: "status" });
    this.formula = make("span", {});
    this.sentenceLine = make("p", { class: "vg-sentence" }, this.sentence);
    this.formulaLine = make("p", { class: "vg-formula" }, this.formula);
    this.vector = new Vector(this);
    this.findings = new FindingList(this);
    this.heat = new Heat(this);
    this.groups = new Groups(this, readSvg);
    this.inputs = new Inputs(this);
    this.search = new Search(this);
    this.map = new MiniMap(this);
    this.root = make(
      "div",
      { class: "vg-player", "data-vizgraph-player": "", tabindex: "-1", role: "region" },
      make("div", { class: "vg-stage" }, this.graph, this.map.element, this.card.element),
      make("div", { class: "vg-words" }, this.sentenceLine, this.formulaLine),
      this.groups.note,
      this.search.element,
      this.vector.bar,
      this.buildControls(),
      this.heat.element,
      this.vector.tools.panel,
      this.findings.element,
    );
    this.root.hidden = true;
    this.root.addEventListener("keydown", (event) => this.key(event));
    parent.append(this.root);
  }

  buildControls() {
    const acts = {
      first: () => this.go(0),
      previous: () => this.go(this.step - 1),
      play: () => this.toggle(),
      next: () => this.forward(),
      last: () => this.go(this.scene.last),
    };
    const tools = {
      zoom_out: () => this.stage.zoom(1 / 1.25),
      zoom_in: () => this.stage.zoom(1.25),
      fit: () => this.stage.fit(),
    };
    this.buttons = {};
    const group = (kind, actions) => {
      const buttons = Object.entries(actions).map(([icon, act]) => {
        this.buttons[icon] = iconButton(icon, "");
        this.buttons[icon].addEventListener("click", act);
        return this.buttons[icon];
      });
      return make("div", { class: `vg-group vg-${kind}`, role: "group" }, ...buttons);
    };
    return make("div", { class: "vg-controls" }, group("transport", acts), this.buildSlider(), this.buildSpeed(),
      this.buildViews(), this.vector.tools.button, group("tools", tools));
  }

  buildSlider() {
    this.slider = make("input", { type: "range", min: "0", max: "0", step: "1", value: "0", class: "vg-slider" });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.counter = make("span", { class: "vg-counter", "aria-hidden": "true" });
    return make("div", { class: "vg-group vg-steps" }, this.slider, this.counter);
  }

  buildSpeed() {
    const options = SPEEDS.map((speed) => make("option", { value: speed, text: `${speed}×` }));
    this.speeds = make("select", { class: "vg-speed" }, ...options);
    this.speeds.value = "1";
    this.speeds.addEventListener("change", () => (this.speed = Number(this.speeds.value)));
    return this.speeds;
  }

  buildViews() {
    this.switches = ["math", "engine"].map((name) => {
      const button = make("button", { type: "button", class: "vg-switch", "data-name": name });
      button.addEventListener("click", () => this.switchView(name));
      return button;
    });
    this.views = make("div", { class: "vg-group vg-views", role: "group" }, ...this.switches);
    return this.views;
  }

  /** Write the words of the payload's language on everything. */
  label(words) {
    this.words = words;
    this.root.setAttribute("aria-label", words["player.player"]);
    this.graph.setAttribute("aria-label", words["player.graph"]);
    this.graph.title = "";
    this.slider.setAttribute("aria-label", words["player.step"]);
    this.speeds.setAttribute("aria-label", words["player.speed"]);
    this.views.setAttribute("aria-label", words["player.view"]);
    for (const [icon, button] of Object.entries(this.buttons)) {
      nameButton(button, words[`player.${icon === "play" && this.playing ? "pause" : icon}`]);
    }
    for (const button of this.switches) button.textContent = words[`player.${button.dataset.name}_view`];
    this.card.name(words);
    this.vector.label(words);
    this.heat.name(words);
  }

  /** Light or dark: Streamlit's background if we are inside it, else what the reader's system prefers. */
  dress() {
    const hosted = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim() !== "";
    const light = hosted ? lightness(getComputedStyle(this.root).backgroundColor) : null;
    const dark = light === null ? this.themes.matches : light < 0.5;
    this.root.dataset.theme = dark ? "dark" : "light";
  }

  // --- the payload

  /** Take a new payload: the picture is replaced; the step stays where the program is the same. */
  update(payload, { projector = false, confirms = false, tell = () => {}, onBeat = () => {} } = {}) {
    this.tell = tell;
    this.confirms = confirms;
    this.onBeat = onBeat;
    if (!payload?.views) return; // nothing new: the last good picture stays
    const before = this.payload;
    const same = before !== null && payload.key !== undefined && payload.key === before.key;
    this.vector.receive(payload, same);
    const moved = this.root.classList.toggle("is-projector", projector) !== this.stage.projector;
    this.payload = payload;
    this.root.hidden = false;
    this.root.lang = payload.language ?? "en";
    this.dress();
    this.label(payload.words ?? {});
    this.findings.show(payload);
    if (!same) this.restart(payload);
    else if (payload.view !== before.view) this.name = this.viewNamed(payload.view);
    const drawn = this.draw(payload, same);
    if (!same || drawn || moved) this.enter(same && !moved);
    else this.repaint();
    this.inputs.show();
  }

  restart(payload) {
    this.name = this.viewNamed(payload.view);
    this.step = payload.step ?? 0;
    this.told = null;
    this.picked = null;
  }

  viewNamed(name) {
    return name in this.payload.views ? name : Object.keys(this.payload.views)[0];
  }

  /** Make a scene of every view; one whose drawing and beats are the same is kept. Tells if the shown one is new. */
  draw(payload, isSame) {
    const before = this.scene;
    for (const [name, view] of Object.entries(payload.views)) {
      const old = this.scenes.get(name)?.whole;
      const same = old?.svg === view.svg && JSON.stringify(old.beats) === JSON.stringify(view.beats);
      if (same) {
        const { nodes, edges, live, seeds, heat, groups } = view;
        Object.assign(old, { nodes, edges, live, seeds, heat, groups });
      } else if (!isSame || !this.scenes.get(name)?.adopt(view)) this.scenes.set(name, new Scene(view));
      this.vector.attach(this.scenes.get(name));
    }
    for (const name of this.scenes.keys()) if (!(name in payload.views)) this.scenes.delete(name);
    this.scene = this.scenes.get(this.name);
    return this.scene !== before;
  }

  /** Put the scene on the stage at the present step. */
  enter(keep) {
    this.pause();
    this.stopMove();
    this.stage.show(this.scene, this.root.classList.contains("is-projector"), keep);
    this.root.dataset.view = this.name;
    this.measure();
    for (const button of this.switches) {
      button.setAttribute("aria-pressed", String(button.dataset.name === this.name));
      button.hidden = !this.scenes.has(button.dataset.name);
    }
    this.render(clamp(this.step, 0, this.scene.last));
    this.pick(this.picked, false);
  }

  /** The number of steps, and the room for their texts. */
  measure() {
    this.search.show();
    this.map.draw();
    this.root.dataset.steps = String(this.scene.last);
    this.slider.max = String(this.scene.last);
    this.counter.style.minWidth = `${this.count(this.scene.last).length}ch`;
    this.sentenceLine.dataset.room = longest(this.scene.beats.map((beat) => beat.sentence));
    this.formulaLine.dataset.room = longest(this.scene.beats.map((beat) => beat.formula));
    this.formulaLine.style.setProperty("--player-room", this.formulaLine.dataset.room.length);
  }

  /** A group was opened or closed: go on at the same moment, with the group in sight. */
  regroup(id) {
    this.pause();
    this.stage.place(this.stage.port);
    this.measure();
    this.render(clamp(this.step, 0, this.scene.last));
    this.pick(this.picked, false);
    const { x, y, width, height } = this.scene.rectangle(id);
    const { box, port } = this.stage; // of what is larger than the stage, the corner where it begins
    const seen = { width: Math.min(width, box.width / port.scale - 60), height: Math.min(height, box.height / port.scale - 60) };
    this.stage.follow({ x, y, ...seen }, false);
    this.scene.nodes.get(id)?.group.focus({ preventScroll: true });
  }

  switchView(name) {
    if (name === this.name || !this.scenes.has(name)) return;
    const from = this.scene.beats;
    this.name = name;
    this.scene = this.scenes.get(name);
    this.step = sameMoment(from, this.step, this.scene.beats);
    this.enter(false);
    this.inputs.show();
    this.tell("view", name);
    this.settle();
  }

  // --- the step

  /** Show a step, as a pure function of payload and step: where the picture was before does not matter. */
  render(step) {
    this.stopMove();
    this.present(step);
    this.scene.show(stateAt(this.scene.beats, step, this.scene.leaves));
    this.lookAt(false);
  }

  /** Light a part of the drawing, with its numbers known, until another step is shown. */
  point(nodes, edges, line = null) {
    const { beats, last } = this.scene;
    const told = beats.findIndex((beat) => edges.some((id) => id in (beat.contributions ?? {})));
    this.go(told < 0 ? last : told);
    const state = stateAt(beats, this.step, this.scene.leaves);
    this.scene.show({ ...state, nodes: new Set(nodes), edges: new Set(edges), dims: true });
    this.pick(nodes[0] ?? edges[0] ?? null, false);
    this.stage.follow(this.scene.around([...nodes, ...edges.flatMap((id) => this.scene.ends(id))]), !isStill());
    this.onBeat({ line });
  }

  /** Words, slider and card of a step; the drawing itself follows at once or with a move. */
  present(step) {
    const { beats, last } = this.scene;
    this.step = step;
    this.root.dataset.step = String(step);
    this.root.dataset.moving = "false";
    const counter = this.count(step);
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", counter);
    this.slider.style.setProperty("--player-share", String(last ? step / last : 0));
    this.counter.textContent = counter;
    this.sentence.textContent = beats[step].sentence;
    this.formula.textContent = beats[step].formula;
    this.formula.style.setProperty("--player-characters", beats[step].formula.length);
    // aria-disabled: a disabled button would swallow the keys of whoever has just pressed it
    for (const icon of ["first", "previous"]) this.buttons[icon].setAttribute("aria-disabled", String(step === 0));
    for (const icon of ["next", "last"]) this.buttons[icon].setAttribute("aria-disabled", String(step === last));
    this.findings.leave();
    this.showCard();
    this.vector.show();
    this.onBeat(beats[step]);
    this.announce("beat", { beat: beats[step] });
  }

  readSvg(text) {
    return readSvg(text);
  }

  /** Play on to a step, without time to read; `done` is called there, never after a pause. */
  playTo(step, done) {
    this.setPlaying(true);
    this.goal = { step, done };
    this.keepOn();
  }

  /** Stop where the picture is: what moves has arrived. */
  halt() {
    const isMoving = this.root.dataset.moving === "true";
    this.pause();
    if (isMoving) this.render(this.step);
  }

  /** Write the texts of the present step anew, because the numbers in them are others now. */
  repaint() {
    const { beats, leaves } = this.scene;
    const beat = beats[this.step];
    this.sentence.textContent = beat.sentence;
    this.formula.textContent = beat.formula;
    this.formula.style.setProperty("--player-characters", beat.formula.length);
    if (this.root.dataset.moving !== "true") this.scene.show(stateAt(beats, this.step, leaves));
    this.showCard();
    this.vector.show();
  }

  count(step) {
    return fill(this.words["player.step_of"] ?? "", { i: step, n: this.scene.last });
  }

  /** Cut to a step. */
  go(step) {
    this.pause();
    this.render(clamp(step, 0, this.scene.last));
    this.settle();
  }

  /** One step on, with its move. */
  forward() {
    if (this.step >= this.scene.last) return;
    this.pause();
    this.advance(() => this.settle());
  }

  /** Animate the step after this one; `done` is called when its numbers have arrived. */
  advance(done) {
    const { beats, leaves } = this.scene;
    this.stopMove();
    const step = this.step + 1;
    const beat = beats[step];
    const end = stateAt(beats, step, leaves);
    const still = isStill();
    this.present(step);
    this.lookAt(!still);
    const arrive = () => {
      this.root.dataset.moving = "false";
      this.stopMove = () => {};
      this.scene.show(end, !still);
      this.lookAt(!still, true);
      done();
    };
    if (still || !beat.moves?.length) return arrive();
    this.scene.show(stateBefore(beats, step, leaves));
    this.root.dataset.moving = "true";
    const stop = this.scene.move(beat, this.goal ? SWEEP / this.speed : moveTime(this.speed), arrive);
    this.stopMove = () => {
      stop();
      this.root.dataset.moving = "false";
      this.stopMove = () => {};
    };
  }

  /** Follow the lit part. Where it is too big for the page, first where the numbers come from, then where they go.
   *  What is `picked` counts more. */
  lookAt(smooth, arrived = false, picked = null) {
    if (this.scene.nodes.has(picked)) return this.stage.follow(this.scene.around([picked]), smooth);
    const { beats, last } = this.scene;
    const beat = beats[this.step === 0 ? Math.min(1, last) : this.step]; // at the start, where it will begin
    const ids = this.scene.part(beat);
    const part = this.scene.around(ids);
    if (!part) return;
    const { width, height } = this.stage.box;
    const scale = this.stage.port.scale;
    const fits = part.width * scale < width - 48 && part.height * scale < height - 48;
    const end = (beat.moves ?? []).map((id) => this.scene.ends(id)[arrived || !smooth ? 0 : 1]);
    this.stage.follow(fits || !end.length ? part : this.scene.around(end), smooth);
  }

  toggle() {
    if (this.vector.tools.sweeping) return this.vector.tools.stop();
    if (this.playing) {
      this.pause();
      this.settle();
    } else this.play();
  }

  play() {
    this.setPlaying(true);
    if (this.step >= this.scene.last) {
      this.render(0);
      this.rest();
    } else this.keepOn();
  }

  keepOn() {
    this.advance(() => {
      if (!this.playing) return this.settle();
      if (this.goal && this.step >= this.goal.step) return this.reach();
      if (this.goal) return this.keepOn();
      if (this.step < this.scene.last) return this.rest();
      this.pause();
      this.settle();
    });
  }

  reach() {
    const { done } = this.goal;
    this.goal = null;
    this.resting = setTimeout(done, isStill() ? 400 : 0);
  }

  /** Time to read, then the next step. */
  rest() {
    const sentence = this.scene.beats[this.step].sentence;
    this.resting = setTimeout(() => this.keepOn(), readTime(sentence, this.speed));
  }

  /** Stop after the move under way. */
  pause() {
    clearTimeout(this.resting);
    this.goal = null;
    this.vector?.tools.abandon();
    this.setPlaying(false);
  }

  setPlaying(playing) {
    this.playing = playing;
    clearTimeout(this.settling);
    this.root.dataset.playing = String(playing);
    const icon = playing ? "pause" : "play";
    nameButton(this.buttons.play, this.words?.[`player.${icon}`] ?? "");
    this.buttons.play.querySelector("path").setAttribute("d", ICONS[icon]);
  }

  /** Tell Python the step once it has not changed for a while; never while playing. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (this.playing || this.told === this.step) return;
      this.told = this.step;
      this.tell("step", this.step);
    }, SETTLED);
  }

  // --- the card

  /** Pick a node or edge; picking it again, or nothing, closes the card. */
  pick(id, toggles = true) {
    if (toggles && this.groups.has(id)) return void this.groups.toggle(id);
    const next = toggles && id === this.picked ? null : id;
    const known = next !== null && (next in this.scene.view.nodes || next in this.scene.view.edges) ? next : null;
    const changed = known !== this.picked;
    this.picked = known;
    for (const scene of this.scenes.values()) scene.pick(known);
    this.showCard();
    if (changed) this.look(known);
    if (changed && toggles) this.tell("picked", known);
  }

  showCard() {
    const { follower, view } = this.scene;
    const card = this.picked === null ? null : follower.card(this.picked in view.nodes ? "nodes" : "edges", this.picked);
    this.card.show(card ?? null, this.step, this.words["card.not_yet"] ?? "–");
    this.heat.paint();
  }

  // --- keys

  /** Keys of the player. Others stop here too: a bare "r" or "c" would be Streamlit's own shortcut. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    const target = event.target;
    if (target.localName === "select" || (target.localName === "button" && [" ", "Enter"].includes(event.key))) return;
    const id = idAt(target);
    const actions = {
      ArrowLeft: () => this.go(this.step - 1),
      ArrowRight: () => this.forward(),
      " ": () => this.toggle(),
      Home: () => this.go(0),
      End: () => this.go(this.scene.last),
      "+": () => this.stage.zoom(1.25),
      "=": () => this.stage.zoom(1.25),
      "-": () => this.stage.zoom(1 / 1.25),
      0: () => this.stage.fit(),
      ...(this.picked !== null && { Escape: () => this.pick(null) }),
      ...(id !== null && { Enter: () => this.pick(id) }),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  destroy() {
    this.pause();
    this.stopMove();
    clearTimeout(this.settling);
    this.stage.destroy();
    this.vector.destroy();
    this.inputs.destroy();
    this.themes.removeEventListener("change", this.onTheme);
    document.removeEventListener("vizgraph:light", this.onLight);
    document.removeEventListener("vizgraph:hello", this.onHello);
    this.root.remove();
  }
}

// --- the two entrances ----------------------------------------------------------------------------

const players = new WeakMap();

/** Show `payload` inside `root` (an element or a shadow root). `options`: `projector`, and
 *  `tell(name, value)`, called with "picked", "view" and the settled "step", `onBeat(beat)`, called with
 *  every beat that is shown. Call again for a new payload. */
export function mount(root, payload, options = {}) {
  if (!players.has(root)) players.set(root, new Player(root));
  players.get(root).update(payload, options);
}

/** Take the player off the page. */
export function unmount(root) {
  players.get(root)?.destroy();
  players.delete(root);
}

/** Streamlit's entrance. Streamlit also calls the returned clean-up of a call that a newer one has overtaken:
 *  so the player leaves only when its place on the page is really gone. */
export default function component({ parentElement, data, setStateValue }) {
  mount(parentElement, data, { projector: data?.projector === true, confirms: true, tell: setStateValue });
  return () => setTimeout(() => parentElement.isConnected || unmount(parentElement));
}

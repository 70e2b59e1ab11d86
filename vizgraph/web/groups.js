/**
 * Open and close the groups of a large drawing in place.
 *
 * Every group has a drawing of its own. An opened one takes the room it needs where its box stands: the plane around it
 * is stretched, so that nothing overlaps and every edge keeps its way. The beats of an inside are played before the beat
 * that tells of the whole group.
 */

import { make } from "./dom.js";
import { CELL } from "./fitting.js";
import { readSvg } from "./safe.js";

const PAD = 14; // around an inside, in units of the drawing
const HEAD = 34; // above it, for the name of its group
const ARROW = 8;
const NEAR = 0.01; // what lies no further apart is at one place

// --- pure: stretching a line ------------------------------------------------------------------------

/** The map of one axis on which some stretches [start, end] become `size` long; elsewhere nothing is stretched. */
export function stretch(openings) {
  const cuts = [...new Set(openings.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const pieces = cuts.slice(1).map((end, i) => {
    const start = cuts[i];
    const inside = openings.filter((one) => one.start <= start && one.end >= end);
    const factor = Math.max(1, ...inside.map((one) => one.size / (one.end - one.start)));
    return { start, end, factor };
  });
  return (x) => pieces.reduce((at, { start, end, factor }) => at + (factor - 1) * (Math.min(Math.max(x, start), end) - start), x);
}

/** The numbers of a path as points. */
export function pointsOf(d) {
  const numbers = (d.match(/-?\d*\.?\d+(?:e-?\d+)?/gi) ?? []).map(Number);
  return Array.from({ length: numbers.length >> 1 }, (_, i) => ({ x: numbers[2 * i], y: numbers[2 * i + 1] }));
}

/** A path whose points follow the map. A box that moved otherwise than the plane is reached by a straight piece along
 *  the way at that end; across it, the end and the point beside it move with the box. */
export function bent(points, map, first, last) {
  const moved = points.map(map);
  const head = last ? reached(moved, last) : [];
  const tail = first ? reached(moved.reverse(), first) : [];
  if (first) moved.reverse();
  return [...tail.reverse(), ...moved, ...head];
}

/** Move the end of a way across itself to its box; returns the straight piece that is missing along it. */
function reached(points, box) {
  const end = points.length - 1;
  const beside = points[points[end].x === points[end - 1].x && points[end].y === points[end - 1].y ? end - 2 : end - 1];
  const isFlat = Math.abs(points[end].x - beside.x) >= Math.abs(points[end].y - beside.y);
  const across = isFlat ? { x: 0, y: box.y - points[end].y } : { x: box.x - points[end].x, y: 0 };
  for (const i of [end, end - 1]) points[i] = { x: points[i].x + across.x, y: points[i].y + across.y };
  const { x, y } = points[end];
  const rest = { x: box.x - x, y: box.y - y };
  return Math.hypot(rest.x, rest.y) > NEAR ? [1 / 3, 2 / 3, 1].map((t) => ({ x: x + t * rest.x, y: y + t * rest.y })) : [];
}

/** A part of the drawing in which at least one of the rectangles is seen whole: this one, else one of the same size
 *  around the rectangle that is nearest to its corner. */
export function lookedAt(part, rectangles) {
  const within = (start, length, from, room) => start >= from && start + length <= from + room;
  const isSeen = ({ x, y, width, height }) => within(x, width, part.x, part.width) && within(y, height, part.y, part.height);
  if (!rectangles.length || rectangles.some(isSeen)) return part;
  const far = ({ x, y }) => Math.hypot(x - part.x, y - part.y);
  const { x, y, width, height } = rectangles.reduce((one, other) => (far(other) < far(one) ? other : one));
  return { ...part, x: x + (width - part.width) / 2, y: y + (height - part.height) / 2 };
}

const hundredths = (number) => String(Math.round(number * 100) / 100);
const pair = ({ x, y }) => `${hundredths(x)} ${hundredths(y)}`;
const pathOf = ([first, ...rest]) => `M${pair(first)}C${rest.map(pair).join(" ")}`;

/** The head of an arrow at the end of the points. */
export function arrowHead(points) {
  const tip = points[points.length - 1];
  const back = [...points].reverse().find(({ x, y }) => Math.hypot(tip.x - x, tip.y - y) > ARROW / 2) ?? { x: tip.x - 1, y: tip.y };
  const far = Math.hypot(tip.x - back.x, tip.y - back.y);
  const [x, y] = [(tip.x - back.x) / far, (tip.y - back.y) / far];
  const base = { x: tip.x - x * ARROW, y: tip.y - y * ARROW };
  const half = ARROW / 2;
  return `M${pair(tip)}L${pair({ x: base.x - y * half, y: base.y + x * half })}L${pair({ x: base.x + y * half, y: base.y - x * half })}Z`;
}

// --- pure: weaving beats ----------------------------------------------------------------------------

/** The beats of a level with those of its opened insides, each before the beat of the level around. A level is
 *  {beats, opened: [level]}. Returns [{beat, at}]. */
export function weave(level) {
  const insides = (level.opened ?? []).map(weave);
  return level.beats.flatMap((beat, i) => {
    const before = insides.flatMap((entries) => entries.filter(({ at }) => at === i));
    return [...before, { beat }].map((entry) => ({ beat: entry.beat, at: beat.at }));
  });
}

/** The card with its steps counted in the woven beats. */
export function recounted(card, place) {
  const rows = card.rows.map(([label, said]) => [label, Array.isArray(said) ? said.map(([from, words]) => [place(from), words]) : said]);
  return { ...card, rows };
}

/** The data of an inside: base 64 of deflated JSON. */
export async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/** The sizes on one level together with those inside of one of its groups. */
export function warmer(one, other) {
  if (!one || !other) return one ?? other;
  const passes = one.passes.map((pass, i) => {
    const inside = other.passes[other.passes.length - one.passes.length + i]; // of many passes only the last is kept
    return { nodes: { ...inside?.nodes, ...pass.nodes }, edges: { ...inside?.edges, ...pass.edges } };
  });
  return { ...one, forward: { ...other.forward, ...one.forward }, passes };
}

// --- one drawing: the top, or the inside of a group -----------------------------------------------------

class Level {
  constructor(id, view, root) {
    this.id = id;
    this.view = view;
    this.root = root;
    this.inner = new Map(); // group id -> its opened Level
    this.nodes = new Map();
    this.edges = [];
    for (const group of root.children) {
      if (group.hasAttribute("data-node")) this.nodes.set(group.getAttribute("data-node"), this.box(group));
      if (group.hasAttribute("data-edge")) this.edges.push(this.line(group));
    }
    this.seeds = [...root.children].filter((group) => group.hasAttribute("data-seed"));
  }

  box(group) {
    const rect = group.querySelector(".vg-box");
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    return { group, rect, x, y, width, height, plus: group.querySelector(".vg-plus")?.getAttribute("d") };
  }

  line(group) {
    const chip = group.querySelector(".vg-chip");
    const label = group.querySelector(".vg-contribution");
    const at = (element) => element && { element, x: Number(element.getAttribute("x")), y: Number(element.getAttribute("y")) };
    return {
      group,
      points: pointsOf(group.querySelector(".vg-line").getAttribute("d")),
      source: group.getAttribute("data-source"),
      target: group.getAttribute("data-target"),
      chip: at(chip),
      label: at(label),
    };
  }

  /** Place everything for what is opened inside; returns the size of the whole. */
  place() {
    const sizes = [...this.inner].map(([id, level]) => ({ box: this.nodes.get(id), level, size: level.place() }));
    const across = sizes.map(({ box, size }) => ({ start: box.x, end: box.x + box.width, size: size.width + 2 * PAD }));
    const down = sizes.map(({ box, size }) => ({ start: box.y, end: box.y + box.height, size: size.height + HEAD + PAD }));
    const [mapX, mapY] = [stretch(across), stretch(down)];
    const map = ({ x, y }) => ({ x: mapX(x), y: mapY(y) });
    const shifts = new Map([...this.nodes].map(([id, box]) => [id, this.moveBox(id, box, map)]));
    for (const line of this.edges) this.moveLine(line, map, shifts);
    for (const seed of this.seeds) translate(seed, shifts.get(seed.getAttribute("data-target")) ?? { x: 0, y: 0 });
    for (const { box, level, size } of sizes) {
      const [left, right] = [mapX(box.x), mapX(box.x + box.width)];
      const [top, bottom] = [mapY(box.y), mapY(box.y + box.height)];
      const spare = { x: (right - left - size.width) / 2, y: (bottom - top - HEAD - PAD - size.height) / 2 };
      translate(level.root, { x: left + spare.x, y: top + HEAD + spare.y });
    }
    return { width: mapX(this.view.width), height: mapY(this.view.height) };
  }

  /** A closed box keeps its size in the middle of its place, an opened one fills it. Returns by how much it moved. */
  moveBox(id, box, map) {
    const from = map(box);
    const to = map({ x: box.x + box.width, y: box.y + box.height });
    if (this.inner.has(id)) {
      frame(box, { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y });
      return null;
    }
    frame(box, null);
    const shift = { x: (from.x + to.x - box.width) / 2 - box.x, y: (from.y + to.y - box.height) / 2 - box.y };
    translate(box.group, shift);
    return shift;
  }

  moveLine({ group, points, source, target, chip, label }, map, shifts) {
    const moved = (point, shift) => shift && { x: point.x + shift.x, y: point.y + shift.y };
    const way = bent(points, map, moved(points[0], shifts.get(source)), moved(points[points.length - 1], shifts.get(target)));
    const d = pathOf(way);
    for (const kind of [".vg-hit", ".vg-line"]) group.querySelector(kind)?.setAttribute("d", d);
    group.querySelector(".vg-arrow")?.setAttribute("d", arrowHead(way));
    group.querySelector(".vg-back")?.setAttribute("d", arrowHead([...way].reverse()));
    const middle = label && map(label);
    for (const one of [chip, label]) {
      if (!one) continue;
      one.element.setAttribute("x", hundredths(one.x + middle.x - label.x));
      one.element.setAttribute("y", hundredths(one.y + middle.y - label.y));
    }
  }
}

function translate(group, shift) {
  const [x, y] = [hundredths(shift.x), hundredths(shift.y)];
  if (Number(x) || Number(y)) group.setAttribute("transform", `translate(${x} ${y})`);
  else group.removeAttribute("transform");
}

/** Draw the box of a group as the frame around its inside; with null as it was. */
function frame(box, place) {
  const { x, y, width, height } = place ?? box;
  for (const [name, value] of Object.entries({ x, y, width, height })) box.rect.setAttribute(name, hundredths(value));
  if (!box.plus) return;
  box.group.classList.toggle("is-open", place !== null);
  box.group.setAttribute("aria-expanded", String(place !== null));
  if (place) box.group.removeAttribute("transform");
  const shift = place ? { x: x - box.x, y: y - box.y } : { x: 0, y: 0 };
  const [name, plus] = [".vg-name", ".vg-plus"].map((kind) => box.group.querySelector(kind));
  if (name) translate(name, shift);
  translate(plus, place && name ? { x: shift.x + behind(name) - startOf(box.plus), y: shift.y } : shift);
  plus.setAttribute("d", place ? box.plus.replace(/M[^M]*V[^M]*$/, "") : box.plus);
}

/** Where the sign that closes a group stands: behind its title, not where the box ended once. */
function behind(name) {
  return Number(name.getAttribute("x")) + (name.textContent.length + 2) * CELL;
}

function startOf(path) {
  return Number.parseFloat(path.slice(1));
}

// --- all drawings of a player ---------------------------------------------------------------------------

export class Groups {
  constructor(player) {
    this.player = player;
    this.note = make("p", { class: "vg-group-note", role: "alert" });
    this.note.hidden = true;
    this.asked = new Map(); // group id -> the number of the question, and what to call with its answer
  }

  /** Whether a node is a group: open or not. */
  has(id) {
    return this.player.scene?.nodes.get(id)?.group.classList.contains("vg-group") ?? false;
  }

  isOpen(id) {
    return this.player.scene.levels?.has(id) ?? false;
  }

  /** Open or close; resolves when the drawing has changed. */
  async toggle(id) {
    if (this.isOpen(id)) this.close(id);
    else await this.open(id);
  }

  /** The group around a node or group that is not drawn yet; null at the top. */
  around(scene, id) {
    scene.homes ??= new Map((scene.whole.index ?? []).map(([inner, , outer]) => [inner, outer]));
    return scene.homes.get(id) ?? null;
  }

  /** Open a group, and the groups around it first. False if its inside can't be had. */
  async open(id) {
    const scene = this.player.scene;
    const outer = this.around(scene, id);
    if (outer !== null && !this.isOpen(outer) && !(await this.open(outer))) return false;
    if (this.isOpen(id)) return true;
    if (!this.holds(id)) {
      if (!(await this.bring(id))) return this.miss(id);
      return this.open(id); // the scene may be another one by now
    }
    const view = await unpack(scene.whole.groups[id]);
    if (scene !== this.player.scene || this.isOpen(id)) return this.isOpen(id);
    if (outer !== null && !this.isOpen(outer)) return false; // it was closed in the meantime
    this.top(scene);
    const around = scene.levels.get(outer);
    const root = document.createElementNS("http://www.w3.org/2000/svg", "g");
    root.setAttribute("class", "vg-inside");
    root.setAttribute("data-inside", id);
    root.append(...readSvg(view.svg).children);
    around.root.append(root);
    const level = new Level(id, view, root);
    around.inner.set(id, level);
    scene.levels.set(id, level);
    this.change(scene, id);
    return true;
  }

  close(id) {
    const scene = this.player.scene;
    for (const inner of [...scene.levels.get(id).inner.keys()]) this.close(inner);
    const level = scene.levels.get(id);
    level.root.remove();
    scene.levels.delete(id);
    scene.levels.get(this.around(scene, id)).inner.delete(id);
    this.change(scene, id);
  }

  /** What stands for a node in the drawing: itself, or the closed group that it is in; null for what is nowhere. */
  seen(id) {
    const { scene } = this.player;
    for (let at = id; at !== null; at = this.around(scene, at)) if (scene.nodes.has(at)) return at;
    return null;
  }

  /** Show a node: the groups around it are opened. Returns what stands for it then. */
  async reveal(id) {
    const { scene } = this.player;
    const outer = scene.nodes.has(id) ? null : this.around(scene, id);
    if (outer !== null) await this.open(outer);
    return this.seen(id);
  }

  /** Whether the inside of a group is at hand. */
  holds(id) {
    return this.player.scene.whole.groups?.[id] !== undefined;
  }

  /** Ask the page for an inside; resolves to whether it came. A file has nobody to ask. */
  bring(id) {
    const { player } = this;
    if (!player.confirms) return false;
    return new Promise((done) => {
      const number = Date.now();
      this.asked.get(id)?.done(false); // who asked before waits no longer
      this.asked.set(id, { number, done });
      this.say("player.group_coming", id);
      player.tell("open", { key: player.payload.key, number, groups: [...this.asked.keys()] });
    });
  }

  /** A payload has come: it answers what was asked before it. */
  receive(payload) {
    for (const [id, { number, done }] of this.asked) {
      if (!this.holds(id) && !(payload.given >= number)) continue;
      this.asked.delete(id);
      this.note.hidden = true;
      done(this.holds(id));
    }
  }

  /** Another graph is shown: nobody waits any more. */
  forget() {
    for (const { done } of this.asked.values()) done(false);
    this.asked.clear();
    this.note.hidden = true;
  }

  /** Show which groups can't be opened: a file has nobody to ask for an inside that it does not hold. */
  seal() {
    const { scene, confirms } = this.player;
    for (const [id, { group }] of scene.nodes) {
      if (!group.classList.contains("vg-group")) continue;
      const isSealed = !confirms && !this.isOpen(id) && !this.holds(id);
      group.classList.toggle("is-sealed", isSealed);
    }
  }

  /** What was said about a group is past. */
  hush() {
    if (!this.asked.size) this.note.hidden = true;
  }

  miss(id) {
    if (this.player.scene.nodes.has(id)) this.say(this.player.confirms ? "player.group_lost" : "player.group_missing", id);
    return false;
  }

  say(key, id) {
    const { index = [] } = this.player.scene.whole; // it has the whole title, a card a short one
    const title = index.find(([one]) => one === id)?.[1] ?? id;
    this.note.textContent = (this.player.words[key] ?? "").replaceAll("{title}", () => title);
    this.note.hidden = false;
  }

  top(scene) {
    if (scene.levels) return;
    scene.levels = new Map([[null, new Level(null, scene.whole, scene.svg)]]);
  }

  /** After a group was opened or closed: place, weave, and show the moment that was shown. */
  change(scene, id) {
    const { player } = this;
    const shown = scene.beats[player.step];
    const rank = scene.ranks?.get(shown) ?? [shown];
    this.note.hidden = true;
    const size = scene.levels.get(null).place();
    this.merge(scene, size);
    scene.svg.setAttribute("viewBox", `0 0 ${hundredths(size.width)} ${hundredths(size.height)}`);
    scene.svg.removeAttribute("data-scale"); // it is another size now: the stage draws it anew
    scene.refresh();
    const index = new Map(scene.view.beats.map((beat, i) => [beat, i]));
    player.step = player.step === 0 ? 0 : (rank.map((beat) => index.get(beat)).find((place) => place !== undefined) ?? 0);
    player.regroup(id);
  }

  /** What to look at of a group that was opened or closed: all of it; of what is larger than the stage, the corner where it
   *  begins, or where that is empty what stands next to that corner. */
  entrance(id) {
    const { scene, stage } = this.player;
    const { box, port } = stage;
    const whole = scene.rectangle(id);
    const room = (all, long) => Math.min(all, long / port.scale - 60);
    const part = { ...whole, width: room(whole.width, box.width), height: room(whole.height, box.height) };
    const level = scene.levels.get(id);
    const inner = [...(level?.nodes.keys() ?? [])].filter((one) => !scene.nodes.get(one).group.classList.contains("vg-stub"));
    return lookedAt(part, inner.map((one) => scene.rectangle(one)));
  }

  /** One view of all that is drawn: the nodes, edges and beats of every opened level. */
  merge(scene, size) {
    const levels = [...scene.levels.values()];
    const top = scene.levels.get(null);
    const tree = (level) => ({ beats: level.view.beats, opened: [...level.inner.values()].map(tree) });
    const woven = weave(tree(top)).map(({ beat }) => beat);
    const place = new Map(woven.map((beat, i) => [beat, i]));
    const held = Object.assign({}, ...levels.map(({ view }) => view.held ?? {}));
    woven[0] = { ...woven[0], gradients: { ...held, ...woven[0].gradients } };
    const cards = (kind) =>
      Object.fromEntries(
        levels.flatMap(({ view }) =>
          Object.entries(view[kind]).map(([id, card]) => [id, recounted(card, (from) => place.get(view.beats[from]) ?? from)]),
        ),
      );
    scene.ranks = this.ranks(top);
    const heat = levels.map(({ view }) => view.heat).reduce(warmer);
    scene.view = { ...scene.whole, ...size, beats: woven, nodes: cards("nodes"), edges: cards("edges"), heat };
    scene.follower.view = scene.view;
  }

  /** For every beat itself and the beats around it, so that closing finds the moment again. */
  ranks(level, outer = []) {
    const found = new Map();
    for (const beat of level.view.beats) found.set(beat, [beat, ...(outer[beat.at] ?? [])]);
    const own = level.view.beats.map((beat) => found.get(beat));
    for (const inner of level.inner.values()) for (const [beat, chain] of this.ranks(inner, own)) found.set(beat, chain);
    return found;
  }

  /** What is open, the outer ones first, and the moment that is shown. */
  get state() {
    const { scene, step } = this.player;
    const ids = [...(scene?.levels?.keys() ?? [])].filter((id) => id !== null);
    return ids.length ? { ids, step, last: scene.last, top: this.outer(scene, step) } : null;
  }

  /** The step at which the moment is told where nothing is open. */
  outer(scene, step) {
    const chain = scene.ranks?.get(scene.beats[step]) ?? [];
    return Math.max(0, scene.whole.beats.indexOf(chain.find((beat) => scene.whole.beats.includes(beat))));
  }

  /** What was open stays open when the same graph comes again with other numbers. */
  async restore({ ids, step, last }) {
    const { scene } = this.player;
    for (const id of ids) {
      if (scene === this.player.scene) await this.open(id);
    }
    if (scene === this.player.scene && scene.last === last) this.player.render(step);
  }
}

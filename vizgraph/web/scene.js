/**
 * Hold one drawn view: its nodes and edges by id, what is written on them and what is lit.
 */

import { makeSvg } from "./dom.js";
import { writeText } from "./fitting.js";
import { graft, isAlike } from "./graft.js";
import { around } from "./port.js";
import { route } from "./routes.js";
import { readSvg } from "./safe.js";

const TABBABLE = 60; // graphs with more nodes offer only the lit ones to the Tab key

export class Scene {
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
    for (const { group } of this.nodes.values()) {
      if (group.classList.contains("vg-group") && !group.hasAttribute("aria-expanded")) group.setAttribute("aria-expanded", "false");
    }
    this.leaves = new Set([...this.nodes].filter(([, { group }]) => group.classList.contains("vg-leaf")).map(([id]) => id));
    this.state = { gradients: new Map(), contributions: new Map(), nodes: new Set(), edges: new Set(), dims: false };
    this.unlit = true; // nothing has been lit or dimmed yet
    this.routes = new Map();
  }

  get beats() {
    return this.follower?.beats ?? this.view.beats;
  }

  /** Take what stands beside the drawing of a view whose drawing and beats are the same; false if they are not. */
  refill(view) {
    const old = this.whole;
    if (old.svg !== view.svg || JSON.stringify(old.beats) !== JSON.stringify(view.beats)) return false;
    const { nodes, edges, live, seeds, heat, groups } = view;
    Object.assign(old, { nodes, edges, live, seeds, heat, groups });
    return true;
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
      const stop = open || lit.has(id) ? "0" : "-1";
      if (group.getAttribute("tabindex") !== stop) group.setAttribute("tabindex", stop);
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
    return this.moved(group, group.getBBox()); // before the group's own translation
  }

  /** The rectangle of a node's box alone: of an opened group, its frame. */
  box(id) {
    const box = this.nodes.get(id).group.querySelector(".vg-box");
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
    const moved = this.offset(box);
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

  /** The rectangles of what a beat is about, by weight: where its numbers come from, or where they have arrived;
   *  the numbers themselves; the other nodes that are lit, the last of them first; the v that it places. */
  parts(beat, arrived) {
    const moves = beat.moves ?? [];
    const ends = [...moves, ...(beat.edges ?? [])].flatMap((id) => this.ends(id));
    const nodes = beat.nodes ?? [];
    const placed = beat.kind === "seed" ? (this.view.seeds ?? []).filter(({ node }) => nodes.includes(node)) : [];
    const first = moves.map((id) => this.ends(id)[arrived ? 0 : 1]);
    const rest = new Set([...[...nodes].reverse(), ...ends, ...placed.map(({ id }) => id)].filter((id) => !first.includes(id)));
    const chips = moves.map((id) => this.chip(id));
    return [...[...new Set(first)].map((id) => this.rectangle(id)), ...chips, ...[...rest].map((id) => this.rectangle(id))].filter(Boolean);
  }

  /** The rectangle of the number on an edge, while there is one. */
  chip(id) {
    const chip = this.edges.get(id)?.group.querySelector(".vg-chip");
    return chip?.getClientRects().length ? this.moved(chip, chip.getBBox()) : null;
  }

  /** Where the number of each edge has its place, also while there is none: {group, x, y, width, height}. */
  labels() {
    const chips = [...this.edges.values()].map(({ group }) => [group, group.querySelector(".vg-chip")]);
    return chips.filter(([, chip]) => chip).map(([group, chip]) => {
      const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(chip.getAttribute(name)));
      return { group, ...this.moved(chip, { x, y, width, height }) };
    });
  }

  /** Where each v stands. */
  seats() {
    const boxes = [...this.svg.querySelectorAll(".vg-seed")].map((group) => [group, group.querySelector(".vg-box")]);
    return boxes.map(([group, box]) => ({ group, ...this.moved(box, box.getBBox()) }));
  }

  /** A rectangle of an element where the drawing has it. */
  moved(element, { x, y, width, height }) {
    const by = this.offset(element);
    return { x: x + by.x, y: y + by.y, width, height };
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
}

/** The node or edge that an element belongs to; null for the background. */
export function idAt(element) {
  const group = element.closest("[data-node], [data-edge]");
  return group ? (group.getAttribute("data-node") ?? group.getAttribute("data-edge")) : null;
}

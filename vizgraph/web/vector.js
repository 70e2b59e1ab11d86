/**
 * Play with v: every number behind it is linear in v, so the page recomputes them all while one drags.
 *
 * A Follower holds one view's matrices and texts with holes (docs/ARCHITECTURE.md, `live`) and writes
 * its beats and cards for any v. The Vector is the part of the player that lets v be dragged and typed,
 * hands every change to the followers, and holds what comes back from Python against what it computed.
 */

import { make, setText } from "./dom.js";
import { brief, fillHoles, isOpen } from "./numbers.js";
import { Tools } from "./tools.js";

const NOISE = 1e-12; // of all terms together: a sum that is smaller is a zero of the mathematics
const ROUNDING = 2e-5; // of all terms together: what a float32 may lose on its way
export const PIXELS = 4; // of a drag, for one step of the number
const KEYS_SETTLED = 400; // ms after the last key, after which Python hears of v

const NAMES = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const numberOf = (data) => (typeof data === "string" ? NAMES[data] : data);

// --- pure -----------------------------------------------------------------------------------------

/** The pass that is told at `step`: the first one before any has begun. */
export function passAt(beats, step) {
  return Math.max(0, beats.slice(0, step + 1).filter((beat) => beat.kind === "seed").length - 1);
}

/** How far one step of a drag or a key moves a number: the digit after its first, 0.1 around zero. */
export function stepOf(number) {
  if (!Number.isFinite(number) || number === 0) return 0.1;
  const power = Math.floor(Math.log10(Math.abs(number)) + 1e-9);
  return 10 ** Math.min(Math.max(power - 1, -6), 6);
}

/** A number some steps further on, on the grid of that step. */
export function stepped(number, steps, step) {
  const places = Math.max(0, Math.round(-Math.log10(step)));
  return Number(((Math.round(number / step) + steps) * step).toFixed(places)) || 0;
}

/** The number that somebody typed: any minus sign, a comma for a point, a fraction; null for anything else. */
export function readNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
  const number = "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)";
  const match = new RegExp(`^${number}(?:\\s*/\\s*${number})?$`, "i").exec(plain);
  if (!match) return null;
  const value = Number(match[1]) / (match[2] === undefined ? 1 : Number(match[2]));
  return Number.isFinite(value) ? value : null;
}

/** v times a matrix with a row for each entry of v, with the sum of all absolute terms. */
export function times(v, entries, columns) {
  const totals = new Array(columns).fill(0);
  const scales = new Array(columns).fill(0);
  v.forEach((number, row) => {
    for (let column = 0; column < columns; column++) {
      const term = number * entries[row * columns + column];
      totals[column] += term;
      scales[column] += Math.abs(term);
    }
  });
  return { totals, scales };
}

// --- Follower: one view for any v -----------------------------------------------------------------

export class Follower {
  constructor(view, words) {
    this.view = view;
    this.live = view.live ?? null;
    this.words = words;
    this.vs = new Map(); // pass -> the v that stands in for the recorded one
    this.values = new Map();
    this.matrices = (this.live?.matrices ?? []).map((entries) => entries.map(numberOf));
    this.told = this.live ? view.beats.map((beat, i) => this.beat(beat, this.live.beats[i] ?? {})) : view.beats;
  }

  get beats() {
    return this.vs.size ? this.told : this.view.beats;
  }

  /** Follow these: pass -> v. Only passes that the engine gave matrices for are taken. */
  follow(vs) {
    this.values.clear();
    this.version = (this.version ?? 0) + 1;
    this.vs = new Map([...vs].filter(([pass, v]) => this.recorded(pass)?.length === v.length));
  }

  /** The v of a pass as the engine had it, null where it is not to be changed. */
  recorded(pass) {
    return this.live?.passes[pass]?.v.map(numberOf) ?? null;
  }

  v(pass) {
    return this.vs.get(pass) ?? this.recorded(pass);
  }

  /** A quantity {shape, entries, scales}. */
  value(number) {
    if (!this.values.has(number)) this.values.set(number, this.compute(this.live.quantities[number]));
    return this.values.get(number);
  }

  compute({ shape, terms, constant, recorded }) {
    const known = recorded.map(numberOf);
    if (!terms.some(([pass]) => this.vs.has(pass))) return { shape, entries: known, scales: known.map(Math.abs) };
    const entries = constant ? constant.map(numberOf) : known.map(() => 0);
    const scales = entries.map(Math.abs);
    for (const [pass, matrix] of terms) {
      const { totals, scales: more } = times(this.v(pass), this.matrices[matrix], entries.length);
      totals.forEach((total, i) => {
        entries[i] += total;
        scales[i] += more[i];
      });
    }
    const clean = entries.map((entry, i) => (Math.abs(entry) < NOISE * scales[i] ? 0 : entry));
    return { shape, entries: clean, scales };
  }

  fill(text) {
    return isOpen(text) ? fillHoles(text, (number) => this.value(number), this.words) : text;
  }

  /** A beat whose texts are filled when they are read, once for each v. */
  beat(plain, open) {
    const cache = {};
    const told = { ...plain };
    const filled = (key, make) => () => {
      if (cache[key]?.version !== this.version) cache[key] = { version: this.version, text: make() };
      return cache[key].text;
    };
    for (const key of Object.keys(open)) {
      const make =
        typeof open[key] === "string"
          ? () => this.fill(open[key])
          : () => Object.fromEntries(Object.entries(open[key]).map(([id, text]) => [id, this.fill(text)]));
      Object.defineProperty(told, key, { enumerable: true, get: filled(key, make) });
    }
    return told;
  }

  /** The card of a node or an edge ("nodes", "edges"). */
  card(kind, id) {
    const card = this.view[kind][id];
    const open = this.vs.size ? this.live[kind][id] : null;
    if (!card || !open) return card ?? null;
    const filled = (text) => (Array.isArray(text) ? text.map(([step, one]) => [step, this.fill(one)]) : this.fill(text));
    return { ...card, rows: card.rows.map((row, i) => (i in open ? [row[0], filled(open[i])] : row)) };
  }

  /** What arrives at every node and travels every edge in a pass, as lists of numbers by id. */
  numbers(pass) {
    const { nodes = {}, edges = {} } = this.live?.passes[pass] ?? {};
    const read = (places) => Object.fromEntries(Object.entries(places).map(([id, i]) => [id, this.value(i).entries]));
    return { nodes: read(nodes), edges: read(edges) };
  }

  /** How this view's numbers of a pass differ from what another follower recorded: {count, largest, agree}. */
  against(pass, other) {
    const mine = this.live?.passes[pass];
    const theirs = other.live?.passes[pass];
    const found = { count: 0, largest: 0, agree: Boolean(mine && theirs) };
    for (const kind of ["nodes", "edges"]) {
      for (const [id, place] of Object.entries(mine?.[kind] ?? {})) {
        if (!(id in (theirs?.[kind] ?? {}))) continue;
        const { entries, scales } = this.value(place);
        const recorded = other.live.quantities[theirs[kind][id]].recorded.map(numberOf);
        entries.forEach((entry, i) => compare(found, entry, recorded[i], scales[i]));
      }
    }
    return found;
  }
}

function compare(found, computed, recorded, scale) {
  found.count += 1;
  if (Object.is(computed, recorded) || computed === recorded) return;
  const difference = Math.abs(computed - recorded);
  if (!(difference <= ROUNDING * scale + 1e-30)) found.agree = false;
  if (difference > found.largest) found.largest = difference;
}

// --- Vector: v under the hand ---------------------------------------------------------------------

export class Vector {
  /** `player` gives: graph, scene, scenes, step, words, confirms, tell(name, value), halt(), repaint(). */
  constructor(player) {
    this.player = player;
    this.vs = new Map();
    this.pending = null; // what Python was asked to confirm
    this.drag = null;
    this.input = null;
    this.request = 0;
    this.build();
    const graph = player.graph;
    const capture = { capture: true };
    graph.addEventListener("pointerdown", (event) => this.press(event), capture);
    graph.addEventListener("pointermove", (event) => this.pull(event), capture);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      graph.addEventListener(end, (event) => this.release(event), capture);
    }
    graph.addEventListener("dblclick", (event) => this.open(event), capture);
    graph.addEventListener("keydown", (event) => this.key(event), capture);
  }

  build() {
    this.verdict = make("span", { class: "vg-v-said", "aria-live": "polite" });
    this.reset = make("button", { type: "button", class: "vg-switch" });
    this.reset.addEventListener("click", () => this.restore());
    this.write = make("button", { type: "button", class: "vg-switch" });
    this.write.addEventListener("click", () => this.putIntoCode());
    this.undo = make("button", { type: "button", class: "vg-switch" });
    this.undo.addEventListener("click", () => this.takeBack());
    this.bar = make("div", { class: "vg-v" }, this.verdict, this.write, this.undo, this.reset);
    this.tools = new Tools(this.player, this);
  }

  label(words) {
    for (const name of ["reset", "write", "undo"]) this[name].textContent = words[`player.v.${name}`] ?? "";
    this.say(this.said ?? "hint", this.saidValues ?? {});
    this.tools.label(words);
  }

  /** One line about v: what may be done with it, or how the numbers on the page came about. */
  say(key, values = {}) {
    this.said = key;
    this.saidValues = values;
    const template = this.player.words?.[`player.v.${key}`] ?? "";
    setText(this.verdict, template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
    this.bar.dataset.verdict = key;
    this.offer();
  }

  /** The buttons beside that line: those that have something to do. */
  offer() {
    this.reset.hidden = !this.vs.size;
    this.write.hidden = !this.isWritten || !this.vs.has(this.pass) || Boolean(this.pending);
    this.undo.hidden = (this.player.payload?.code?.edited ?? null) === null;
  }

  /** Whether the pass that is told has a v that stands in the program, in a page that can change it. */
  get isWritten() {
    return Boolean(this.player.scene && this.player.payload?.code?.seeds.includes(this.owner()));
  }

  // --- what is on the page

  /** Find v in the drawing of a scene. */
  attach(scene) {
    scene.follower = new Follower(scene.view, this.player.words ?? {});
    scene.follower.follow(this.vs);
    scene.seeds = new Map(
      [...scene.svg.querySelectorAll("[data-seed]")].map((group) => [
        group.getAttribute("data-seed"),
        {
          group,
          entries: [...group.querySelectorAll("[data-entry]")].map((entry) => ({
            group: entry,
            text: entry.querySelector("[data-role='seed']"),
          })),
        },
      ]),
    );
  }

  get pass() {
    const { scene, step } = this.player;
    return passAt(scene.beats, step);
  }

  /** Write the v of the pass that is told, and say which of its entries can be moved. */
  show() {
    const { scene, step } = this.player;
    const pass = this.pass;
    const v = scene.follower.v(pass);
    const isLit = scene.beats[step].kind === "seed";
    this.bar.hidden = !scene.view.seeds?.length;
    for (const place of scene.view.seeds ?? []) {
      const item = scene.seeds.get(place.id);
      const now = place.passes.find((one) => one.pass === pass);
      if (!item) continue;
      item.group.classList.toggle("is-idle", !now);
      item.group.classList.toggle("is-active", isLit && Boolean(now));
      item.entries.forEach((entry, i) => this.showEntry(entry, place.labels[i], now, v, i));
    }
    this.tools.show();
    this.offer();
    if (!this.vs.size && !this.pending && ["hint", "fixed"].includes(this.said ?? "hint")) this.say(v ? "hint" : "fixed");
  }

  showEntry({ group, text }, label, now, v, i) {
    const number = now && v && now.texts.length > i && v.length > now.start + i ? v[now.start + i] : null;
    const words = number === null ? (now?.texts[i] ?? "") : brief(number);
    setText(text, words);
    group.classList.toggle("can-drag", number !== null);
    if (number === null) {
      for (const name of ["tabindex", "role", "aria-label", "aria-valuenow", "aria-valuetext"]) group.removeAttribute(name);
      return;
    }
    const spoken = { tabindex: "0", role: "slider", "aria-label": label, "aria-valuenow": String(number), "aria-valuetext": words };
    for (const [name, value] of Object.entries(spoken)) {
      if (group.getAttribute(name) !== value) group.setAttribute(name, value);
    }
  }

  /** The entry that an event is about: {group, index} with its number among all of the pass's; null elsewhere. */
  entryOf(event) {
    const group = event.target.closest?.(".vg-entry.can-drag");
    if (!group) return null;
    const id = group.closest("[data-seed]").getAttribute("data-seed");
    const place = this.player.scene.view.seeds.find((one) => one.id === id);
    const now = place.passes.find((one) => one.pass === this.pass);
    const entry = Number(group.getAttribute("data-entry"));
    return { group, index: now.start + entry, label: place.labels[entry] };
  }

  // --- change

  /** Put a number into v and recompute all that follows from it: on the page only. */
  set(index, number) {
    const { scene } = this.player;
    const v = [...scene.follower.v(this.pass)];
    if (v[index] === number) return;
    v[index] = number;
    this.place(v);
  }

  /** Take a whole v for the pass that is told. */
  place(v) {
    this.vs.set(this.pass, v);
    const line = this.owner();
    const isComputed = line !== null && this.player.confirms && !this.isWritten;
    this.say(line === null ? "moving" : isComputed ? "what_if_computed" : "what_if", { line: line ?? "" });
    this.refresh();
  }

  /** Let the line that places this v place the one under the hand. */
  putIntoCode() {
    const { scene } = this.player;
    const { line, shapes } = scene.follower.live.passes[this.pass];
    this.player.halt();
    this.pending = { pass: this.pass, number: Date.now(), line };
    this.say("asking");
    const [entries, [shape]] = [[...scene.follower.v(this.pass)], shapes];
    this.player.tell("code", { key: this.player.payload.key, number: this.pending.number, line, shape, entries });
    this.player.graph.focus({ preventScroll: true });
  }

  /** The program as it was before the page wrote into it. */
  takeBack() {
    this.player.halt();
    this.vs.clear();
    this.pending = { pass: this.pass, number: Date.now(), undo: true };
    this.player.tell("code", { key: this.player.payload.key, number: this.pending.number, undo: true });
    this.player.graph.focus({ preventScroll: true });
  }

  /** The line of the program that placed v itself; null where the page's field did. */
  owner() {
    return this.player.scene.follower.live?.passes[this.pass]?.line ?? null;
  }

  refresh() {
    for (const scene of this.player.scenes.values()) scene.follower.follow(this.vs);
    cancelAnimationFrame(this.request);
    this.request = requestAnimationFrame(() => {
      this.player.repaint();
      this.emit();
    });
  }

  /** Tell whoever listens (the derivation beside the graph) which numbers are on the page now. */
  emit() {
    const { scene, root, name } = this.player;
    const pass = this.pass;
    const detail = { v: scene.follower.v(pass), pass, view: name, ...scene.follower.numbers(pass) };
    root.dispatchEvent(new CustomEvent("vizgraph:numbers", { bubbles: true, composed: true, detail }));
  }

  /** Back to what the engine recorded. */
  restore() {
    this.player.halt();
    this.vs.clear();
    this.pending = null;
    this.say("hint");
    this.refresh();
    this.player.graph.focus({ preventScroll: true });
  }

  /** v has come to rest: let a real backward pass confirm what the page computed, where there is an engine. */
  settle() {
    clearTimeout(this.settling);
    const pass = this.pass;
    const v = this.vs.get(pass);
    if (!v || this.owner() !== null) return;
    if (!this.player.confirms) return this.say("recorded");
    const places = this.player.scene.view.seeds
      .map((place) => ({ place, now: place.passes.find((one) => one.pass === pass) }))
      .filter(({ now }) => now);
    const seeds = places.map(({ place, now }) => v.slice(now.start, now.start + place.labels.length));
    this.pending = { pass, number: Date.now() };
    this.say("asking");
    this.player.tell("seed", { key: this.player.payload.key, number: this.pending.number, seeds });
  }

  /** Ask for the gradient of an outer function at the outputs: it becomes v. */
  ask(text) {
    clearTimeout(this.settling);
    this.player.halt();
    this.begin();
    this.pending = { pass: this.pass, number: Date.now(), outer: text };
    this.say("asking");
    this.player.tell("outer", { key: this.player.payload.key, number: this.pending.number, text });
  }

  // --- what comes back

  /** A new payload: keep the v under the hand, or hold the engine's numbers against the page's and let go. */
  receive(payload, same) {
    this.take(payload, same);
    this.tools.receive(payload, same);
  }

  take(payload, same) {
    if (!same) {
      this.vs.clear();
      this.pending = null;
      this.close(false);
      this.said = "hint";
      return;
    }
    if (this.drag || this.input) return;
    if (this.pending && payload.heard !== this.pending.number) return;
    if (payload.refused) {
      if (this.pending) this.say("unconfirmed");
      this.pending = null;
      return; // these are the numbers from before
    }
    if (this.pending?.outer !== undefined) this.say(payload.outer ? "outer_is" : "hint");
    else if (this.pending?.undo) this.said = "hint";
    else if (this.pending) this.confirm(payload);
    else if (this.vs.size) this.said = "hint";
    const { edited = null } = payload.code ?? {};
    if (edited === null && ["edited", "written"].includes(this.said)) this.said = "hint";
    if (edited !== null && !this.pending && edited !== this.player.payload?.code?.edited) this.say("edited", { line: edited });
    if (this.owner() === null || this.pending?.line !== undefined || this.pending?.undo) this.vs.clear();
    this.pending = null;
  }

  confirm(payload) {
    const { pass } = this.pending;
    const found = { count: 0, largest: 0, agree: true };
    for (const [name, scene] of this.player.scenes) {
      if (!payload.views[name]) continue;
      const other = new Follower(payload.views[name], this.player.words);
      const recorded = other.recorded(pass) ?? [];
      const asked = scene.follower.v(pass) ?? [];
      const isAsked = asked.length === recorded.length && asked.every((x, i) => Math.fround(x) === Math.fround(recorded[i]));
      const one = scene.follower.against(pass, other);
      found.count += one.count;
      found.largest = Math.max(found.largest, one.largest);
      found.agree &&= one.agree && isAsked;
    }
    const { line = "" } = this.pending;
    const good = line === "" ? "confirmed" : "written";
    this.say(found.agree ? good : "differs", { count: found.count, difference: brief(found.largest), line });
  }

  // --- the pointer

  press(event) {
    if (this.input && event.target === this.input) return event.stopPropagation();
    const entry = this.entryOf(event);
    if (!entry || event.button !== 0 || this.drag) return;
    event.stopPropagation();
    this.player.halt();
    const number = this.player.scene.follower.v(this.pass)[entry.index];
    this.drag = { ...entry, pointer: event.pointerId, x: event.clientX, number, step: stepOf(number), moved: false };
    entry.group.focus({ preventScroll: true });
    entry.group.setPointerCapture(event.pointerId); // the group itself: a double click is to reach it
    entry.group.classList.add("is-held");
  }

  pull(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    event.stopPropagation();
    const { index, x, number, step } = this.drag;
    const steps = Math.round((event.clientX - x) / PIXELS);
    if (!steps && !this.drag.moved) return;
    if (!this.drag.moved) this.begin();
    this.drag.moved = true;
    this.set(index, steps ? stepped(number, steps, step) : number);
  }

  /** Before the first number has flowed there is nothing to see: go to the end of the pass. */
  begin() {
    const { scene, step } = this.player;
    if (scene.beats[step].kind !== "start") return;
    const first = scene.beats.findIndex((beat) => beat.kind === "seed");
    const after = scene.beats.findIndex((beat, i) => i > first && ["seed", "change", "end", "error"].includes(beat.kind));
    this.player.go(scene.beats[after]?.kind === "end" ? after : after - 1);
  }

  release(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    event.stopPropagation();
    const { group, moved } = this.drag;
    this.drag = null;
    group.classList.remove("is-held");
    if (moved) this.settle();
  }

  // --- the keyboard

  key(event) {
    if (this.input || event.ctrlKey || event.metaKey || event.altKey) return;
    const entry = this.entryOf(event);
    if (!entry) return;
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (steps === undefined && event.key !== "Enter") return;
    event.stopPropagation();
    event.preventDefault();
    this.player.halt();
    if (event.key === "Enter") return this.edit(entry);
    this.begin();
    const number = this.player.scene.follower.v(this.pass)[entry.index];
    this.set(entry.index, stepped(number, steps, Math.abs(number) >= 0.1 ? 0.1 : stepOf(number)));
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), KEYS_SETTLED);
  }

  open(event) {
    const entry = this.entryOf(event);
    if (!entry) return;
    event.stopPropagation();
    event.preventDefault();
    this.edit(entry);
  }

  /** A field over the number, in its place. */
  edit(entry) {
    this.close(false);
    const graph = this.player.graph.getBoundingClientRect();
    const grip = entry.group.querySelector(".vg-grip").getBoundingClientRect();
    const input = make("input", { class: "vg-entry-input", inputmode: "decimal", "aria-label": entry.label, spellcheck: "false" });
    const number = this.player.scene.follower.v(this.pass)[entry.index];
    input.value = String(Number(number.toPrecision(7)));
    const place = { left: grip.left - graph.left, top: grip.top - graph.top, width: grip.width, height: grip.height };
    for (const [name, length] of Object.entries(place)) input.style[name] = `${length}px`;
    input.style.fontSize = `${grip.height * 0.65}px`;
    input.addEventListener("keydown", (event) => this.type(event));
    input.addEventListener("blur", () => this.close(true));
    for (const name of ["pointerdown", "dblclick"]) input.addEventListener(name, (event) => event.stopPropagation());
    this.input = input;
    this.edited = entry;
    this.player.graph.append(input);
    input.focus({ preventScroll: true });
    input.select();
  }

  type(event) {
    event.stopPropagation();
    if (event.key === "Escape" || (event.key === "Enter" && readNumber(this.input.value) !== null)) {
      const { group } = this.edited;
      this.close(event.key === "Enter");
      group.focus({ preventScroll: true });
    } else if (event.key === "Enter") this.input.setAttribute("aria-invalid", "true");
  }

  /** Take the field away; `keep` takes over what was typed, if it is a number. */
  close(keep) {
    const input = this.input;
    if (!input) return;
    this.input = null;
    const number = keep ? readNumber(input.value) : null;
    input.remove();
    const before = this.player.scene.follower.v(this.pass)?.[this.edited.index];
    if (number === null || before === undefined || Math.fround(before) === Math.fround(number)) return;
    this.begin();
    this.set(this.edited.index, number);
    this.settle();
  }

  destroy() {
    clearTimeout(this.settling);
    cancelAnimationFrame(this.request);
  }
}

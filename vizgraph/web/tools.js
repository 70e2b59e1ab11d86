/**
 * The panel beside v: ones, the sweep that builds the Jacobian row by row, v as the gradient of a sum, an
 * outer function that is typed, and the product that backward is not.
 */

import { make } from "./dom.js";
import { brief, show } from "./numbers.js";
import { readSvg } from "./safe.js";

const WIDTH = 60; // characters of a vector in a line
const OUTER = "y1**2 + y2"; // what an outer function may look like, where there are no names to show

/** The Jacobian of a pass by the recorded matrices: {columns: [leaf entry], leaves: [leaf of each], rows: [[number]]}. */
export function jacobianOf(follower, pass, leaves) {
  const told = follower.live?.passes[pass];
  if (!told) return null;
  const found = { columns: [], leaves: [], rows: told.v.map(() => []) };
  for (const leaf of leaves) {
    if (!(leaf in told.nodes)) continue;
    const { shape, terms } = follower.live.quantities[told.nodes[leaf]];
    const entries = follower.matrices[terms[0][1]];
    const size = shape.reduce((all, one) => all * one, 1);
    const name = follower.view.nodes[leaf].title;
    for (let column = 0; column < size; column++) {
      found.columns.push(shape.length ? `${name}[${placeOf(column, shape).join(", ")}]` : name);
      found.leaves.push(leaf);
    }
    found.rows.forEach((row, i) => row.push(...entries.slice(i * size, (i + 1) * size)));
  }
  return found;
}

/** The indices of an entry in a tensor of that shape. */
function placeOf(entry, shape) {
  return shape.reduceRight(([...found], size) => {
    found.unshift(entry % size);
    entry = Math.floor(entry / size);
    return found;
  }, []);
}

/** `A = 0.1·y1 + (-2)·y2 = 3.9`: the sum whose gradient is v; the total where the outputs' values are known. */
export function weighted(v, names, values) {
  const terms = v.map((number, i) => `${number < 0 ? `(${brief(number)})` : brief(number)}·${names[i]}`);
  const total = values.every((value) => value !== null) ? ` = ${brief(v.reduce((sum, x, i) => sum + x * values[i], 0))}` : "";
  return `A = ${terms.join(" + ")}${total}`;
}

/** A drawing that is only looked at: nothing in it can be picked or found by its id. */
function still(drawing, label) {
  const names = ["data-node", "data-edge", "data-source", "data-target", "data-seed", "data-entry", "data-role", "tabindex", "role"];
  for (const element of drawing.querySelectorAll("*")) for (const name of names) element.removeAttribute(name);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
}

const dot = (one, other) => one.reduce((sum, number, i) => sum + number * other[i], 0);

export class Tools {
  /** `vector` is the part of the player that holds v; `player` also gives playTo(step, done). */
  constructor(player, vector) {
    this.player = player;
    this.vector = vector;
    this.sweeping = null; // {row, seed, end, before}
    this.known = 0; // rows of the Jacobian that a sweep has shown
    this.build();
  }

  build() {
    const button = (act) => {
      const made = make("button", { type: "button", class: "vg-switch" });
      made.addEventListener("click", act);
      return made;
    };
    this.button = make("button", { type: "button", class: "vg-button vg-button-v", "aria-expanded": "false", text: "v" });
    this.button.addEventListener("click", () => this.toggle());
    this.ones = button(() => this.place(1));
    this.sweep = button(() => (this.sweeping ? this.stop() : this.start()));
    this.outer = make("input", { class: "vg-outer", spellcheck: "false", autocomplete: "off", maxlength: "500" });
    this.outerLabel = make("span", {});
    this.form = make("label", { class: "vg-outer-field" }, this.outerLabel, this.outer);
    this.outer.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.ask();
    });
    this.table = make("table", { class: "vg-jacobian" });
    this.lines = make("dl", { class: "vg-v-lines" });
    this.ghost = make("figure", { class: "vg-ghost" });
    const choices = make("div", { class: "vg-choices" }, this.ones, this.sweep, this.form);
    this.panel = make("section", { class: "vg-play-v" }, choices, make("div", { class: "vg-facts" }, this.table, this.lines), this.ghost);
    this.panel.hidden = true;
  }

  label(words) {
    this.words = words;
    const say = (name) => words[`player.v.${name}`] ?? "";
    this.button.setAttribute("aria-label", say("tools"));
    this.button.title = say("tools");
    this.panel.setAttribute("aria-label", say("tools"));
    this.ones.textContent = say("ones");
    this.outerLabel.textContent = say("outer");
    this.outer.setAttribute("aria-label", say("outer"));
    this.name();
  }

  name() {
    this.sweep.textContent = this.words?.[`player.v.${this.sweeping ? "stop" : "sweep"}`] ?? "";
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.button.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (this.panel.hidden) this.stop();
    this.show();
  }

  /** A new payload: what a sweep has shown stays known only in the same graph. */
  receive(payload, same) {
    if (!same) {
      this.stop();
      this.known = 0;
      this.outer.value = payload.outer?.text ?? "";
    }
    const drawing = payload.outer ? readSvg(payload.outer.svg) : null;
    if (drawing) still(drawing, payload.outer.text);
    const caption = make("figcaption", { text: this.words?.["player.v.ghost"] ?? "" });
    this.ghost.replaceChildren(...(drawing ? [make("strong", { text: payload.outer.text }), drawing, caption] : []));
    this.ghost.hidden = !drawing;
  }

  // --- what is shown

  get places() {
    const { scene } = this.player;
    return (scene.view.seeds ?? []).filter((place) => place.passes.some(({ pass }) => pass === this.vector.pass));
  }

  /** Everything that follows v, and the cells of the Jacobian that the sweep has reached. */
  show() {
    const { scene, confirms } = this.player;
    const pass = this.vector.pass;
    const v = scene.follower.v(pass);
    this.button.hidden = !v;
    if (this.panel.hidden || !v) return void (this.panel.hidden ||= !v);
    const owned = this.vector.owner() !== null;
    this.form.hidden = !confirms || owned;
    this.outer.placeholder = this.places.map(({ node, names }) => names[0].replace(/\[.*$/, "")).join(" * ") || OUTER;
    const found = jacobianOf(scene.follower, pass, scene.leaves);
    const names = this.places.flatMap((place) => place.names);
    this.showTable(found, names);
    this.showLines(found, names, v);
  }

  showTable(found, names) {
    const reached = this.reached();
    const head = make("tr", {}, make("th", { text: "J" }), ...found.columns.map((text) => make("th", { scope: "col", text })));
    const rows = found.rows.map((row, i) => {
      const isKnown = (leaf) => i < this.known || (this.sweeping?.row === i && reached.has(leaf));
      const cells = row.map((number, j) => make("td", { text: isKnown(found.leaves[j]) ? brief(number) : "·" }));
      const line = make("tr", {}, make("th", { scope: "row", text: names[i] ?? `${i}` }), ...cells);
      line.classList.toggle("is-active", this.sweeping?.row === i);
      return line;
    });
    this.table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
  }

  /** The leaves whose gradient has come in, in the row that is being played. */
  reached() {
    if (!this.sweeping) return new Set();
    const { scene, step } = this.player;
    const told = scene.beats.slice(this.sweeping.seed, step + 1).filter((beat) => beat.kind === "accumulate");
    return new Set(told.flatMap((beat) => beat.nodes));
  }

  showLines(found, names, v) {
    const [rows, columns] = [found.rows.length, found.columns.length];
    const values = this.places.flatMap((place) => place.values ?? place.names.map(() => null));
    const write = (numbers) => show({ shape: [numbers.length], entries: numbers }, WIDTH, this.words);
    const left = found.columns.map((_, j) => dot(v, found.rows.map((row) => row[j])));
    const say = (name) => (this.words[`player.v.${name}`] ?? "").replace("{rows}", rows).replace("{columns}", columns);
    const right = rows === columns ? write(found.rows.map((row) => dot(row, v))) : say("impossible");
    const lines = [
      [say("weighted"), weighted(v, names, values), ""],
      [say("left"), `(1×${rows})·(${rows}×${columns}) = ${write(left)}`, "is-right"],
      [say("right"), rows === columns ? `(${rows}×${columns})·(${columns}×1) = ${right}` : right, "is-wrong"],
    ];
    this.lines.replaceChildren(
      ...lines.flatMap(([name, text, kind]) => [make("dt", { text: name }), make("dd", { text, class: kind })]),
    );
  }

  // --- what is done

  /** Every entry of v to one number, as the page's own preset would. */
  place(number) {
    this.stop();
    this.player.halt();
    this.vector.begin();
    this.vector.place(this.player.scene.follower.v(this.vector.pass).map(() => number));
    this.vector.settle();
  }

  ask() {
    this.stop();
    this.vector.ask(this.outer.value);
  }

  start() {
    const { scene } = this.player;
    const pass = this.vector.pass;
    const starts = scene.beats.flatMap((beat, i) => (beat.kind === "seed" ? [i] : []));
    const seed = starts[pass];
    const after = scene.beats.findIndex((beat, i) => i > seed && ["seed", "change", "end", "error"].includes(beat.kind));
    this.player.pause();
    this.known = 0;
    this.sweeping = { row: 0, seed, end: after - 1, before: new Map(this.vector.vs), step: this.player.step };
    this.name();
    this.row();
  }

  /** Play the pass with one unit vector, then the next. */
  row() {
    const { row, seed, end } = this.sweeping;
    const v = this.player.scene.follower.v(this.vector.pass).map((_, i) => Number(i === row));
    const rows = v.length;
    this.vector.place(v);
    this.vector.say("row", { row: this.places.flatMap((place) => place.names)[row] ?? row, rows });
    this.player.render(seed);
    this.player.playTo(end, () => {
      this.known = row + 1;
      this.sweeping.row = row + 1;
      if (row + 1 < rows) this.row();
      else this.stop();
    });
  }

  /** The end of a sweep, or a hand that stops it: v is what it was. */
  stop() {
    if (!this.sweeping) return;
    const { step } = this.sweeping;
    this.abandon();
    this.player.go(step);
  }

  /** Somebody took over the player: v is what it was, and the step is theirs. */
  abandon() {
    if (!this.sweeping) return;
    const { before } = this.sweeping;
    this.sweeping = null;
    this.name();
    this.vector.vs = before;
    this.vector.say(before.size ? "moving" : "hint");
    this.vector.refresh();
  }
}

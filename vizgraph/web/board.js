/**
 * Show the board: formulas, chain rule, matrices and checks of one program, and the light that they share
 * with the graph and the code.
 *
 * One module beside player.js, which it never calls: the two speak by events on the document. The player says
 * `vizgraph:beat` ({key, view, beat}) and `vizgraph:look` ({view, id}: what is under the pointer or the focus),
 * the board says `vizgraph:hello` (tell me where you are) and `vizgraph:light` (light these, or null). Whoever
 * drags v says `vizgraph:numbers` ({v: flat numbers, pass}). The data's contract is in docs/ARCHITECTURE.md.
 * Everything in it is data: formulas are rebuilt from an allow-list of tags, names become text nodes.
 */

import { Theme } from "./theme.js";

const BOARD_HTML = "http://www.w3.org/1999/xhtml";
const BOARD_MATH = "http://www.w3.org/1998/Math/MathML";
const LEAVES_OF_TREE = new Set(["mi", "mn", "mo", "mtext"]);
const INNER_TAGS = new Set(["mrow", "msub", "msup", "msubsup", "munder", "mover", "mfrac", "msqrt"]);
const READ = 100; // ms between two writings of the numbers, while v is dragged
const PAIRS = [["code", "functions"], ["chain", "product"]]; // sections side by side, if they have room
const FEW_CHECKS = 12; // rows that are read one by one
const LAYOUT_NAMES = ["numerator", "denominator", "torch"];

// --- pure: what belongs together ------------------------------------------------------------------

/** Which kinds of picks (the first letter of their key) light which others. */
const PARTNERS = { c: "cflpvg", v: "vc", g: "gcp", f: "fclp", l: "lfcp", p: "pcflg" };

const nothing = () => ({ edges: new Set(), nodes: new Set(), lines: new Set(), picks: new Set() });

const overlap = (a, b) => a.some((item) => b.includes(item));

/** The edges of a pick in one view. */
export const wayOf = (board, view, key) => board.ways[board.picks[key]?.way]?.[view] ?? [];

/** The nodes at the ends of these edges, and the lines of the program at which their targets stand. */
export function endsOf(board, view, edges) {
  const { edges: ends = {}, lines: places = {} } = board.wires[view] ?? {};
  const nodes = new Set();
  const lines = new Set();
  for (const edge of edges) {
    if (!ends[edge]) continue;
    const [source, target] = ends[edge];
    nodes.add(source).add(target);
    if (places[target] !== undefined) lines.add(places[target]);
  }
  return { nodes, lines };
}

/** What lights up with one pick: its way through the graph, its lines, and the picks that share its entries. */
export function selectPick(board, view, key) {
  const own = board.picks[key];
  if (!own) return nothing();
  const edges = new Set(wayOf(board, view, key));
  const picks = new Set([key]);
  for (const [other, { cells }] of Object.entries(board.picks)) {
    if (!PARTNERS[key[0]].includes(other[0]) || !overlap(own.cells, cells)) continue;
    if (other[0] === key[0] && other !== key) continue;
    if ("vg".includes(other[0]) || "vg".includes(key[0]) || wayOf(board, view, other).some((edge) => edges.has(edge))) {
      picks.add(other);
    }
  }
  if (!edges.size) return { ...selectEnds(board, view, own.cells), edges, picks }; // a zero: no way leads through it
  return { edges, picks, ...endsOf(board, view, edges) };
}

/** The leaf and the output of entries that have no way from one to the other, and the line of the output. */
function selectEnds(board, view, cells) {
  const { leaves = [], outputs = [], lines: places = {} } = board.wires[view] ?? {};
  const width = board.numbers?.columns.length ?? 1;
  const ends = cells.map((cell) => [leaves[cell % width], outputs[Math.floor(cell / width)]]);
  const lines = ends.map(([, output]) => places[output]).filter((line) => line !== undefined);
  return { nodes: new Set(ends.flat().filter((node) => node !== undefined)), lines: new Set(lines) };
}

/** What lights up with the outputs on which v stands: v itself, its rows of the Jacobian, and what computes them. */
function selectSeed(board, view, ids) {
  const { outputs = [], lines: places = {} } = board.wires[view] ?? {};
  const found = nothing();
  for (const key of Object.keys(board.picks)) {
    const rows = "vc".includes(key[0]) ? [Number(key.slice(1).split(".")[0])] : [];
    const makes = key[0] === "f" && ids.includes(key.slice(1).split(".")[0]);
    if (makes || rows.some((row) => ids.includes(outputs[row]))) found.picks.add(key);
  }
  for (const id of ids) {
    found.nodes.add(id);
    if (places[id] !== undefined) found.lines.add(places[id]);
  }
  return found;
}

const joined = (all) =>
  all.reduce((sum, one) => {
    for (const kind of Object.keys(sum)) for (const item of one[kind]) sum[kind].add(item);
    return sum;
  }, nothing());

/** What lights up with edges of the graph: every entry, term and function whose way they are on. */
export function selectEdges(board, view, ids) {
  const edges = new Set(ids.filter((id) => board.wires[view]?.edges[id]));
  const picks = new Set();
  for (const key of Object.keys(board.picks)) {
    if (!"vg".includes(key[0]) && wayOf(board, view, key).some((edge) => edges.has(edge))) picks.add(key);
  }
  return { edges, picks, ...endsOf(board, view, edges) };
}

/** What lights up with a node: what flows into it; of a leaf its gradient, of an output its v. */
export function selectNode(board, view, id) {
  const { edges = {}, lines = {}, leaves = [], outputs = [] } = board.wires[view] ?? {};
  const into = Object.keys(edges).filter((edge) => edges[edge][1] === id);
  const out = Object.keys(edges).filter((edge) => edges[edge][0] === id);
  const found = selectEdges(board, view, into.length ? into : out);
  found.nodes.add(id);
  if (lines[id] !== undefined) found.lines.add(lines[id]);
  leaves.forEach((node, j) => node === id && found.picks.add(`g${j}`));
  outputs.forEach((node, i) => node === id && found.picks.add(`v${i}`));
  return found;
}

/** What lights up with a line of the program: what is computed there, the leaf that is made there with all that
 *  leaves it, or the v that is placed there. */
export function selectLine(board, view, line) {
  const { lines = {}, outputs = [] } = board.wires[view] ?? {};
  const ids = Object.keys(lines).filter((node) => lines[node] === line);
  const found = joined(ids.map((id) => selectNode(board, view, id)));
  const seeded = board.numbers?.line === line ? selectSeed(board, view, [...new Set(outputs)]) : nothing();
  return { ...joined([found, seeded]), lines: new Set([line]) };
}

/** What lights up with a beat of the player. */
export function selectBeat(board, view, beat) {
  if (beat.kind === "start" || beat.kind === "end") return nothing();
  if (beat.kind === "seed") {
    const seeded = selectSeed(board, view, beat.nodes ?? []);
    return { ...seeded, lines: new Set(beat.line ? [beat.line] : seeded.lines) };
  }
  const found = selectEdges(board, view, [...(beat.edges ?? []), ...(beat.moves ?? [])]);
  const { leaves = [] } = board.wires[view] ?? {};
  for (const id of beat.nodes ?? []) {
    found.nodes.add(id);
    if (beat.kind === "accumulate" || beat.kind === "reach") leaves.forEach((node, j) => node === id && found.picks.add(`g${j}`));
  }
  return { ...found, lines: new Set(beat.line ? [beat.line] : found.lines) };
}

// --- pure: numbers --------------------------------------------------------------------------------

/** vᵀ J */
export function timesJacobian(v, jacobian) {
  const width = jacobian[0]?.length ?? 0;
  return Array.from({ length: width }, (_, j) => jacobian.reduce((sum, row, i) => sum + v[i] * Number(row[j]), 0));
}

/** Four significant digits, as the page writes numbers everywhere. */
export function digits(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number > 0 ? "∞" : "−∞";
  const rounded = Number(number.toPrecision(4));
  if (rounded === 0) return "0";
  const size = Math.abs(rounded);
  const text = size >= 1000 && size < 1e6 ? String(Math.round(number)) : size < 1e-4 || size >= 1e6 ? rounded.toExponential() : String(rounded);
  return text.replace("-", "−");
}

/** The strength (0 to 1) and the sign of a number in a picture whose largest magnitude is `most`. */
export function heatOf(number, most) {
  const value = Number(number);
  if (!Number.isFinite(value)) return { sign: "none", strength: 1 };
  if (value === 0 || !most) return { sign: "zero", strength: 0 };
  return { sign: value > 0 ? "plus" : "minus", strength: Math.abs(value) / most };
}

/** Which checks are shown at once: a few all, of many those that do not agree. */
export function foldChecks(rows) {
  const few = rows.length <= FEW_CHECKS;
  return { shown: rows.filter((row) => few || row.state !== "good"), folded: rows.filter((row) => !few && row.state === "good") };
}

/** The keys of a formula's parts that can be picked, in reading order, each once. */
export function keysOf(tree, found = []) {
  if (!Array.isArray(tree)) return found;
  if (tree[0] === "pick" && !found.includes(tree[1])) found.push(tree[1]);
  for (const part of tree.slice(1)) keysOf(part, found);
  return found;
}

export const tagAllowed = (tag) => LEAVES_OF_TREE.has(tag) || INNER_TAGS.has(tag);

// --- the document ---------------------------------------------------------------------------------

function element(tag, { text, ...attributes } = {}, ...inside) {
  const made = document.createElementNS(BOARD_HTML, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  made.append(...inside);
  return made;
}

function formulaElement(tag, attributes = {}, ...inside) {
  const made = document.createElementNS(BOARD_MATH, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

/** A formula as MathML. Unknown tags vanish with all they hold. */
function typeset(tree) {
  if (tree === null) return formulaElement("mrow");
  if (!Array.isArray(tree)) return formulaElement("mtext", {}, String(tree));
  const [tag, ...parts] = tree;
  if (LEAVES_OF_TREE.has(tag)) return leafOf(tag, String(parts[0]));
  if (tag === "pick") return formulaElement("mrow", { class: "vg-pick", "data-pick": String(parts[0]), tabindex: "-1" }, typeset(parts[1]));
  if (tag === "live") return formulaElement("mrow", { class: "vg-live", "data-live": String(parts[0]) }, typeset(parts[1]));
  if (tag === "matrix") {
    const rows = parts.map((row) => formulaElement("mtr", {}, ...row.slice(1).map((cell) => formulaElement("mtd", {}, typeset(cell[1])))));
    return formulaElement("mrow", { class: "vg-fence" }, formulaElement("mtable", { class: "vg-matrix" }, ...rows));
  }
  return INNER_TAGS.has(tag) ? formulaElement(tag, {}, ...parts.map(typeset)) : formulaElement("mrow");
}

/** Put a number in the place of another: after the first time only its text changes. */
function writeNumber(live, written) {
  const text = live.firstChild?.firstChild;
  if (live.childNodes.length === 1 && text?.nodeType === Node.TEXT_NODE) text.data = written;
  else live.replaceChildren(formulaElement("mn", {}, written));
}

function leafOf(tag, text) {
  const single = tag === "mi" && [...text].length === 1;
  const attributes = single ? { class: "vg-letter" } : {};
  if (tag === "mo" && "()[]|‖⌊⌋⌈⌉".includes(text)) attributes.stretchy = "true";
  return formulaElement(tag, attributes, text);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

// --- Board ----------------------------------------------------------------------------------------

class Board {
  constructor(parent) {
    this.board = null;
    this.view = "math";
    this.beat = null;
    this.layout = "numerator";
    this.closed = new Map(); // section -> whether it was closed or opened by hand
    this.root = element("section", { class: "vg-board", "data-vizgraph-board": "" });
    this.root.hidden = true;
    for (const [name, act] of [
      ["pointerover", (event) => this.point(event)],
      ["pointerleave", () => this.rest()],
      ["focusin", (event) => this.point(event)],
      ["focusout", () => this.rest()],
      ["keydown", (event) => this.key(event)],
    ]) {
      this.root.addEventListener(name, act);
    }
    this.hears = {
      "vizgraph:beat": (event) => this.hearBeat(event.detail),
      "vizgraph:look": (event) => this.hearLook(event.detail),
      "vizgraph:numbers": (event) => this.hearNumbers(event.detail),
    };
    for (const [name, hear] of Object.entries(this.hears)) document.addEventListener(name, hear);
    this.theme = new Theme(this.root);
    parent.append(this.root);
  }

  update(board, { projector = false } = {}) {
    this.root.classList.toggle("is-projector", projector);
    this.root.hidden = !board?.sections;
    this.theme.dress();
    if (!board?.sections || board === this.board) return;
    const same = this.board !== null && JSON.stringify(board) === this.text;
    this.board = board;
    this.text = JSON.stringify(board);
    if (same) return;
    this.build();
    document.dispatchEvent(new CustomEvent("vizgraph:hello"));
  }

  say(key, values = {}) {
    return (this.board.words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  // --- building

  build() {
    this.heard = null; // what was computed of v is about the board before
    const { sections, source, note } = this.board;
    const head = element("header", { class: "vg-board-head" }, element("h2", { text: this.say("board.board") }));
    const all = sections.flatMap((section) => section.blocks.map((block) => block.latex)).filter(Boolean);
    if (all.length) head.append(this.copier(() => all.join("\n\n"), "vg-copy-all"));
    const body = element("div", { class: "vg-board-body" });
    const made = [...(source ? [this.code(source)] : []), ...sections.map((section) => this.section(section))];
    const of = (names) => made.filter((one) => names.includes(one.dataset.section));
    for (const names of PAIRS) body.append(element("div", { class: "vg-pair" }, ...of(names)));
    body.append(...made.filter((one) => !PAIRS.flat().includes(one.dataset.section)));
    const says = note ? [element("p", { class: "vg-note", text: note })] : [];
    this.root.replaceChildren(head, ...says, body);
    this.marks = [...this.root.querySelectorAll("[data-pick]")];
    this.lines = [...this.root.querySelectorAll("[data-line]")];
    this.lives = [...this.root.querySelectorAll("[data-live]")];
    this.arrange();
    for (const formula of this.root.querySelectorAll("math")) formula.querySelector("[data-pick]")?.setAttribute("tabindex", "0");
  }

  section(section) {
    const summary = element("summary", {}, element("h3", { text: section.title }));
    const latex = () => section.blocks.filter((block) => !block.layout || block.layout === this.layout).map((block) => block.latex).filter(Boolean).join("\n\n");
    if (section.blocks.some((block) => block.latex)) summary.append(this.copier(latex));
    if (section.blocks.some((block) => block.layout)) summary.append(this.switch());
    const made = element("details", { class: `vg-section vg-${section.id}`, "data-section": section.id }, summary, ...section.blocks.map((block) => this.block(block)));
    made.open = this.closed.get(section.id) ?? section.open;
    made.addEventListener("toggle", () => this.closed.set(section.id, made.open));
    return made;
  }

  block(block) {
    const build = { lines: () => this.written(block), says: () => this.said(block), checks: () => this.checks(block), heat: () => this.heat(block) };
    const made = build[block.kind]?.() ?? element("div");
    if (block.layout) made.dataset.layout = block.layout;
    return made;
  }

  /** Formulas below each other, aligned at their sign. */
  written(block) {
    const rows = block.lines.map((line) => formulaElement("mtr", {}, ...line.map((tree) => formulaElement("mtd", {}, typeset(tree)))));
    const formula = formulaElement("math", { display: "block" }, formulaElement("mtable", { class: block.grid ? "vg-lines vg-grid" : "vg-lines" }, ...rows));
    const caption = block.caption ? [element("p", { class: "vg-caption", text: block.caption })] : [];
    return element("div", { class: "vg-block" }, ...caption, element("div", { class: "vg-scroll" }, formula));
  }

  said(block) {
    return element("p", { class: "vg-says", text: block.text, ...(block.state && { "data-state": block.state }) });
  }

  code(source) {
    const lines = source.replace(/\n+$/, "").split("\n");
    const list = element("ol", { class: "vg-code" }, ...lines.map((line, i) =>
      element("li", { "data-line": i + 1, tabindex: i ? "-1" : "0" }, element("code", { text: line || " " }))));
    const made = element("details", { class: "vg-section vg-listing", "data-section": "code" }, element("summary", {}, element("h3", { text: this.say("board.code") })), list);
    made.open = this.closed.get("code") ?? true;
    made.addEventListener("toggle", () => this.closed.set("code", made.open));
    return made;
  }

  checks(block) {
    const heads = ["entry", "autograd", "symbolic", "finite", "difference", "state"];
    const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col", text: this.say(`board.check.${name}`) })));
    const line = (row) => {
      const sign = { good: "✓", bad: "✗", open: "–" }[row.state];
      const verdict = element("td", { class: "vg-verdict" }, element("span", { "aria-hidden": "true", text: `${sign} ` }), this.say(`board.check.${row.state}`));
      if (row.reason) verdict.append(element("small", { text: row.reason }));
      const number = (text, i) => element("td", { class: "vg-number", "data-head": this.say(`board.check.${heads[i + 1]}`), text: text === null ? "–" : text.replace("-", "−") });
      return element("tr", { "data-pick": row.pick, "data-state": row.state }, element("th", { scope: "row" }, formulaElement("math", {}, typeset(row.subject))),
        ...[row.autograd, row.symbolic, row.finite, row.difference].map(number), verdict);
    };
    const table = (rows) => element("div", { class: "vg-scroll" },
      element("table", { class: "vg-checks-table" }, element("thead", {}, head.cloneNode(true)), element("tbody", {}, ...rows.map(line))));
    const { shown, folded } = foldChecks(block.rows);
    const made = element("div", { class: "vg-block" }, ...(shown.length ? [table(shown)] : []));
    if (folded.length) made.append(this.fold(this.say("board.check.fold", { count: folded.length }), table(folded)));
    if (block.left) made.append(element("p", { class: "vg-says", text: this.say("board.check.left", { count: block.left }) }));
    return made;
  }

  /** What is opened on demand, and stays so while the numbers change. */
  fold(title, inside) {
    const made = element("details", { class: "vg-more" }, element("summary", { text: title }), inside);
    made.open = this.closed.get("fold") ?? false;
    made.addEventListener("toggle", () => this.closed.set("fold", made.open));
    return made;
  }

  /** A picture of a large matrix: colour and size of a field tell its magnitude, an empty field is exactly 0. */
  heat(block) {
    const most = Math.max(0, ...block.numbers.flat().map(Number).filter(Number.isFinite).map(Math.abs));
    const line = element("p", { class: "vg-caption", text: " ", "aria-live": "polite" });
    const grid = element("div", { class: "vg-heat", role: "grid", "aria-label": block.caption });
    grid.style.setProperty("--board-columns", block.columns.length);
    block.numbers.forEach((numbers, i) => numbers.forEach((number, j) => {
      const { sign, strength } = heatOf(number, most);
      const field = element("span", { class: "vg-field", role: "gridcell", "data-pick": `c${i}.${j}`, "data-sign": sign, tabindex: i + j ? "-1" : "0" }, element("i"));
      field.style.setProperty("--board-strength", String(strength));
      const formula = block.formulas[i]?.[j];
      field.dataset.tells = this.say("board.heat.entry", { row: block.rows[i], column: block.columns[j], formula: formula ? `${formula} = ${digits(Number(number))}` : digits(Number(number)) });
      field.setAttribute("aria-label", field.dataset.tells);
      grid.append(field);
    }));
    for (const name of ["pointerover", "focusin"]) grid.addEventListener(name, (event) => (line.textContent = event.target.closest?.("[data-tells]")?.dataset.tells ?? " "));
    const scale = element("div", { class: "vg-scale", "aria-hidden": "true" }, element("span", { text: digits(-most) }), element("b"), element("span", { text: digits(most) }));
    return element("div", { class: "vg-block" }, element("p", { class: "vg-caption", text: block.caption }), element("div", { class: "vg-scroll" }, grid), scale, line);
  }

  copier(latex, more = "") {
    const button = element("button", { type: "button", class: `vg-copy ${more}`, text: this.say("board.copy") });
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      await copy(latex());
      button.textContent = this.say("board.copied");
      setTimeout(() => (button.textContent = this.say("board.copy")), 1500);
    });
    return button;
  }

  switch() {
    const group = element("span", { class: "vg-layouts", role: "group", "aria-label": this.say("board.layout") });
    for (const name of LAYOUT_NAMES) {
      const button = element("button", { type: "button", "data-choice": name, text: this.say(`board.layout.${name}`) });
      button.addEventListener("click", (event) => {
        event.preventDefault();
        this.layout = name;
        this.arrange();
      });
      group.append(button);
    }
    return group;
  }

  /** Show the blocks of the chosen layout; one without a choice stays. */
  arrange() {
    const known = new Set([...this.root.querySelectorAll("[data-layout]")].map((block) => block.dataset.layout));
    const chosen = known.has(this.layout) ? this.layout : [...known][0];
    for (const block of this.root.querySelectorAll("[data-layout]")) block.hidden = block.dataset.layout !== chosen;
    for (const button of this.root.querySelectorAll("[data-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.choice === chosen));
      button.hidden = !known.has(button.dataset.choice);
    }
  }

  // --- light

  /** The pointer or the focus is on something of the board. */
  point(event) {
    const mark = event.target.closest?.("[data-pick], [data-line]");
    if (!mark || !this.board) return this.rest();
    const found = mark.dataset.pick !== undefined || mark.hasAttribute("data-pick")
      ? selectPick(this.board, this.view, mark.getAttribute("data-pick"))
      : selectLine(this.board, this.view, Number(mark.getAttribute("data-line")));
    this.light(found, mark);
    document.dispatchEvent(new CustomEvent("vizgraph:light", { detail: { edges: [...found.edges], nodes: [...found.nodes] } }));
    this.pointing = true;
  }

  rest() {
    if (this.pointing) document.dispatchEvent(new CustomEvent("vizgraph:light", { detail: null }));
    this.pointing = false;
    this.light(this.beat ? selectBeat(this.board, this.view, this.beat) : nothing());
  }

  light(found, own = null) {
    for (const mark of this.marks ?? []) {
      mark.classList.toggle("is-lit", found.picks.has(mark.getAttribute("data-pick")));
      mark.classList.toggle("is-own", mark === own);
    }
    for (const line of this.lines ?? []) line.classList.toggle("is-lit", found.lines.has(Number(line.getAttribute("data-line"))));
  }

  hearBeat({ view, beat }) {
    if (!this.board) return;
    this.view = view;
    this.beat = beat;
    if (!this.pointing) this.light(selectBeat(this.board, view, beat));
  }

  hearLook({ view, id }) {
    if (!this.board) return;
    this.view = view;
    if (id === null) return this.rest();
    const wires = this.board.wires[view];
    this.light(wires?.edges[id] ? selectEdges(this.board, view, [id]) : selectNode(this.board, view, id));
  }

  /** v has other numbers: at once, and while one drags as often as the eye reads, so that the graph has the time. */
  hearNumbers(detail) {
    this.heard = detail;
    if (this.resting) return;
    this.follow(detail);
    this.resting = setTimeout(() => {
      this.resting = 0;
      if (this.heard) this.hearNumbers(this.heard);
    }, READ);
  }

  /** Everything that follows v is written anew. */
  follow({ v, pass }) {
    this.heard = null;
    const { jacobian, pass: own } = this.board?.numbers ?? {};
    if (!jacobian || v?.length !== jacobian.length || (pass !== undefined && pass !== own)) return;
    const values = new Map([...v.map((number, i) => [`v${i}`, number]), ...timesJacobian(v, jacobian).map((number, j) => [`g${j}`, number])]);
    for (const live of this.lives) {
      const key = live.getAttribute("data-live");
      const value = values.get(key.replace("*", ""));
      if (value === undefined) continue;
      const text = digits(Number(value));
      const written = key.endsWith("*") && text.startsWith("−") ? `(${text})` : text; // a negative factor
      if (live.textContent !== written) writeNumber(live, written);
    }
  }

  /** Arrows move among the picks of one formula, the lines of the code, or the fields of a picture. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // a bare "r" or "c" would be Streamlit's own shortcut
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const own = event.target.closest?.("[data-pick], [data-line]");
    if (!own || !(event.key in steps)) return;
    const home = own.closest("math, ol, .vg-heat, tbody");
    const marks = [...home.querySelectorAll("[data-pick], [data-line]")];
    const next = marks[marks.indexOf(own) + steps[event.key]];
    event.preventDefault();
    if (!next) return;
    own.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  destroy() {
    for (const [name, hear] of Object.entries(this.hears)) document.removeEventListener(name, hear);
    this.theme.destroy();
    this.root.remove();
  }
}

// --- the two entrances ----------------------------------------------------------------------------

const boards = new WeakMap();

/** Show a board inside `root`; call again for new data, with null to leave the place empty. */
export function mountBoard(root, board, options = {}) {
  if (!boards.has(root)) boards.set(root, new Board(root));
  boards.get(root).update(board, options);
}

/** Streamlit's entrance, as the player's. */
export default function boardComponent({ parentElement, data }) {
  mountBoard(parentElement, data, { projector: data?.projector === true });
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    boards.get(parentElement)?.destroy();
    boards.delete(parentElement);
  });
}

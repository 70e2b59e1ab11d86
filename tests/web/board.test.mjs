/** The pure helpers of the board: what lights what, and the numbers that follow v. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  digits, endsOf, foldChecks, heatOf, keysOf, selectBeat, selectEdges, selectLine, selectNode, selectPick, tagAllowed,
  timesJacobian,
} from "../../vizgraph/web/board.js";

// e = c*d, c = a + b, d = b + 1: two ways from b to e.
const board = {
  wires: {
    math: {
      edges: { ac: ["a", "c"], bc: ["b", "c"], bd: ["b", "d"], ce: ["c", "e"], de: ["d", "e"] },
      lines: { c: 1, d: 2, e: 3 },
      leaves: ["a", "b"],
      outputs: ["e"],
    },
  },
  ways: [
    { math: ["ac", "ce"] }, { math: ["bc", "bd", "ce", "de"] }, { math: ["bc", "ce"] }, { math: ["bd", "de"] },
    { math: ["ac", "bc"] }, { math: ["ac", "bc", "bd", "ce", "de"] },
  ],
  picks: {
    "c0.0": { way: 0, cells: [0] }, "c0.1": { way: 1, cells: [1] }, "pb.1": { way: 2, cells: [1] },
    "pb.2": { way: 3, cells: [1] }, fc: { way: 4, cells: [0, 1] }, v0: { way: 5, cells: [0, 1] },
    g0: { way: 0, cells: [0] }, g1: { way: 1, cells: [1] },
  },
};

const set = (...items) => new Set(items);

test("a cell lights its way, its terms, its function, its gradient and its lines", () => {
  const found = selectPick(board, "math", "c0.0");
  assert.deepEqual(found.edges, set("ac", "ce"));
  assert.deepEqual(found.nodes, set("a", "c", "e"));
  assert.deepEqual(found.lines, set(1, 3));
  assert.deepEqual(found.picks, set("c0.0", "fc", "v0", "g0"));
});

test("a path lights its own way and no other path", () => {
  const found = selectPick(board, "math", "pb.2");
  assert.deepEqual(found.edges, set("bd", "de"));
  assert.ok(found.picks.has("c0.1"));
  assert.ok(!found.picks.has("pb.1"));
});

test("an edge lights every entry, path and function that it is on", () => {
  const { picks, lines } = selectEdges(board, "math", ["bd"]);
  assert.deepEqual(picks, set("c0.1", "pb.2"));
  assert.deepEqual(lines, set(2));
});

test("edges that this view does not have light nothing", () => {
  assert.deepEqual(selectEdges(board, "engine", ["bd"]).picks, set());
  assert.deepEqual(selectEdges(board, "math", ["nobody"]).edges, set());
});

test("a leaf lights its gradient, an output its v", () => {
  assert.ok(selectNode(board, "math", "b").picks.has("g1"));
  assert.ok(selectNode(board, "math", "e").picks.has("v0"));
  assert.deepEqual(selectNode(board, "math", "d").edges, set("bd"));
});

test("a line lights what is computed there", () => {
  const found = selectLine(board, "math", 1);
  assert.deepEqual(found.edges, set("ac", "bc"));
  assert.deepEqual(found.lines, set(1));
  assert.ok(found.picks.has("fc"));
});

test("a beat lights what moves, the seed its v, an accumulation its gradient; the ends light nothing", () => {
  assert.deepEqual(selectBeat(board, "math", { kind: "multiply", edges: ["de"], moves: ["de"], nodes: ["e"], line: 3 }).lines, set(3));
  assert.ok(selectBeat(board, "math", { kind: "seed", nodes: ["e"] }).picks.has("v0"));
  assert.ok(selectBeat(board, "math", { kind: "accumulate", nodes: ["b"], edges: ["bc", "bd"] }).picks.has("g1"));
  assert.deepEqual(selectBeat(board, "math", { kind: "start", nodes: ["a"] }).picks, set());
});

test("the ends of edges are nodes, their targets stand at lines", () => {
  assert.deepEqual(endsOf(board, "math", ["ce"]), { nodes: set("c", "e"), lines: set(3) });
});

test("v times the Jacobian of the seed lesson", () => {
  const gradient = timesJacobian([0.1, 0.2, 0.3], [[6, 3, 2], [1, 1, 1], [1, 3, 2]]);
  assert.deepEqual(gradient.map(digits), ["1.1", "1.4", "1"]);
});

test("numbers have four significant digits, as everywhere on the page", () => {
  const shown = [1.100000023841858, -0.196612, 12, 1e-7, 12345.678, 0, NaN].map(digits);
  assert.deepEqual(shown, ["1.1", "−0.1966", "12", "1e−7", "12346", "0", "nan"]);
});

test("a field of a picture tells sign, strength, exact zeros and what is no number", () => {
  assert.deepEqual(heatOf(2, 4), { sign: "plus", strength: 0.5 });
  assert.deepEqual(heatOf(-4, 4), { sign: "minus", strength: 1 });
  assert.equal(heatOf(0, 4).sign, "zero");
  assert.equal(heatOf("nan", 4).sign, "none");
});

test("only known tags are built", () => {
  assert.ok(tagAllowed("mfrac"));
  for (const tag of ["script", "maction", "annotation-xml", "semantics", "img", "mglyph"]) assert.ok(!tagAllowed(tag));
});

test("the keys of a formula, in reading order", () => {
  assert.deepEqual(keysOf(["mrow", ["pick", "a", ["pick", "b", ["mi", "x"]]], ["pick", "a", "y"]]), ["a", "b"]);
});

test("a few checks are shown one by one, of many those that do not agree", () => {
  const rows = (count) => Array.from({ length: count }, (_, i) => ({ state: ["good", "bad", "good", "open"][i % 4] }));
  assert.deepEqual([foldChecks(rows(12)).shown.length, foldChecks(rows(12)).folded.length], [12, 0]);
  const { shown, folded } = foldChecks(rows(16));
  assert.deepEqual(shown.map((row) => row.state), ["bad", "open", "bad", "open", "bad", "open", "bad", "open"]);
  assert.ok(folded.length === 8 && folded.every((row) => row.state === "good"));
});

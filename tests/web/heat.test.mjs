// What a drawing is coloured by, and where a finding is shown.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { lineText, viewOf } from "../../vizgraph/web/findings.js";
import { shares, normText, span, warmth } from "../../vizgraph/web/heat.js";

describe("the scale", () => {
  it("spans the powers of ten of what is finite and not 0", () => {
    assert.deepEqual(span([1e-6, 100, 0, "nan"]), { low: -6, high: 2 });
  });

  it("is a decade wide at the least, so that equal sizes look equal", () => {
    assert.deepEqual(span([10, 10]), { low: 0, high: 1 });
    assert.equal(span([0, "nan"]), null);
  });

  it("places a size between its ends, and nothing that is 0 or not finite", () => {
    const scale = span([0.01, 100]);
    assert.deepEqual([0.01, 1, 100].map((size) => warmth(size, scale)), [0, 0.5, 1]);
    assert.deepEqual([0, "nan", undefined].map((size) => warmth(size, scale)), [null, null, null]);
  });

  it("is written as a person writes it", () => {
    assert.deepEqual([0, 1, 0.01234, 1e-9, 5e7, "nan"].map(normText), ["0", "1", "0.0123", "1.0e-9", "5.0e+7", "nan"]);
  });
});

describe("shares", () => {
  const edges = [
    { id: "a", source: "x", target: "left", size: 3 },
    { id: "b", source: "x", target: "right", size: 1 },
    { id: "c", source: "left", target: "out", size: 7 },
    { id: "d", source: "right", target: "out", size: 2 },
    { id: "e", source: "other", target: "out", size: 2 },
  ];

  it("divides a leaf's gradient among its uses by what they contributed, and it is whole again at the output", () => {
    const { nodes, edges: through } = shares("x", edges);
    assert.deepEqual(Object.fromEntries(nodes), { x: 1, left: 0.75, right: 0.25, out: 1 });
    assert.deepEqual(Object.fromEntries(through), { a: 0.75, b: 0.25, c: 0.75, d: 0.25 });
  });

  it("needs no recursion: a way of 100,000 nodes", () => {
    const way = Array.from({ length: 100_000 }, (_, i) => ({ id: `e${i}`, source: `n${i}`, target: `n${i + 1}`, size: 1 }));
    assert.equal(shares("n0", way).nodes.get("n100000"), 1);
  });
});

describe("a finding", () => {
  it("shows its line of the program", () => {
    assert.equal(lineText("a = 1\n  b = 2", 2), "b = 2");
    assert.equal(lineText(null, 2), "");
    assert.equal(lineText("a = 1", 9), "");
  });

  it("is shown where it has a place: here, else in the other view", () => {
    const inEngine = { views: { math: { nodes: [], edges: [] }, engine: { nodes: ["sqrt_1"], edges: [] } } };
    assert.equal(viewOf(inEngine, "math"), "engine");
    assert.equal(viewOf(inEngine, "engine"), "engine");
    assert.equal(viewOf({ views: {} }, "math"), null);
  });
});

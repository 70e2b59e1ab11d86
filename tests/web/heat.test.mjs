// What a drawing is coloured by, and where a finding is shown.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { lineText, viewOf } from "../../vizgraph/web/findings.js";
import { normText, span, warmth } from "../../vizgraph/web/heat.js";

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

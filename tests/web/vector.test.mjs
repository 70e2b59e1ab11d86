// The pure helpers of v: which pass, how far a step goes, what was typed, what is v times a matrix.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { entryAt } from "../../vizgraph/web/inputs.js";
import { weighted } from "../../vizgraph/web/tools.js";
import { passAt, readNumber, stepOf, stepped, times } from "../../vizgraph/web/vector.js";

describe("passAt", () => {
  it("counts the passes that have begun, and is the first before any has", () => {
    const beats = ["start", "seed", "multiply", "seed", "end"].map((kind) => ({ kind }));
    assert.deepEqual(beats.map((_, step) => passAt(beats, step)), [0, 0, 0, 1, 1]);
  });
});

describe("a step of a drag", () => {
  it("moves the digit after the first one", () => {
    assert.deepEqual([0.1, 1, 7, -25, 0].map(stepOf).map((step) => Number(step.toFixed(6))), [0.01, 0.1, 0.1, 1, 0.1]);
  });

  it("stays on its grid, without the dust of binary fractions", () => {
    assert.equal(stepped(0.1, 2, 0.1), 0.3);
    assert.equal(stepped(0.30000001192092896, -3, 0.1), 0);
    assert.equal(Object.is(stepped(0.1, -1, 0.1), 0), true);
    assert.equal(stepped(-25, 10, 1), -15);
  });
});

describe("readNumber", () => {
  it("takes any minus sign, a comma for a point, a power and a fraction", () => {
    assert.deepEqual([" 0.5 ", "−2", "1,5", ".5", "1e-3", "-1/4", "3 / 2"].map(readNumber), [0.5, -2, 1.5, 0.5, 0.001, -0.25, 1.5]);
  });

  it("takes nothing else", () => {
    for (const text of ["", "x", "1+1", "1/0", "alert(1)", "1,2,3", "0x10", "Infinity"]) assert.equal(readNumber(text), null);
  });
});

describe("times", () => {
  it("adds rows, each with its entry of v, and all terms without their signs", () => {
    assert.deepEqual(times([2, -1], [1, 2, 3, 4], 2), { totals: [-1, 0], scales: [5, 8] });
  });
});

describe("weighted", () => {
  it("writes the sum whose gradient is v", () => {
    assert.equal(weighted([0.1, -2], ["y1", "y2"], [6, 1]), "A = 0.1·y1 + (-2)·y2 = -1.4");
    assert.equal(weighted([1], ["y"], [null]), "A = 1·y");
  });
});

describe("entryAt", () => {
  it("counts the entries before a character", () => {
    const text = "[1, -2.5, 3]";
    assert.deepEqual([-1, 0, 1, 3, 5, 8, 10, 11].map((place) => entryAt(text, place)), [0, 0, 0, 1, 1, 1, 2, 2]);
    assert.equal(entryAt("7", 0), 0);
  });
});

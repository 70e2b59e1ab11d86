// What is shown at a step.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { lightAt, sameMoment, stateAt, stateBefore, stepTelling } from "../../vizgraph/web/fold.js";

const payload = JSON.parse(readFileSync(new URL("./payload.json", import.meta.url), "utf-8"));
const { beats } = payload.views.math;
const LEAVES = new Set(["x1", "x2"]);

const texts = (map) => Object.fromEntries(map);

describe("stateAt", () => {
  it("shows no gradient after the forward pass", () => {
    const state = stateAt(beats, 0, LEAVES);
    assert.deepEqual([texts(state.gradients), texts(state.contributions)], [{}, {}]);
  });

  it("keeps the texts of all beats up to the step", () => {
    const state = stateAt(beats, 3, LEAVES);
    assert.deepEqual(texts(state.gradients), { add_1: "0.5", mul_1: "0.5" });
    assert.deepEqual(texts(state.contributions), {
      mul_1_add_1_0: "0.5",
      x1_add_1_1: "0.5",
      x1_mul_1_0: "1.5",
      x2_mul_1_1: "1",
    });
  });

  it("is the same whether reached from before or from after", () => {
    stateAt(beats, 6, LEAVES);
    assert.deepEqual(stateAt(beats, 2, LEAVES), stateAt(structuredClone(beats), 2, LEAVES));
  });

  it("wipes all texts but those of leaves when a new pass begins, before it adds its own", () => {
    const second = { kind: "seed", sentence: "", formula: "", nodes: ["add_1"], gradients: { add_1: "7" }, clears: true };
    const state = stateAt([...beats, second], beats.length, LEAVES);
    assert.deepEqual(texts(state.gradients), { x1: "2", x2: "1", add_1: "7" });
    assert.equal(state.contributions.size, 0);
  });

  it("lights the nodes and edges of its own beat only", () => {
    const { nodes, edges } = stateAt(beats, 3, LEAVES);
    assert.deepEqual([[...nodes], [...edges]], [["mul_1"], ["x1_mul_1_0", "x2_mul_1_1"]]);
  });

  it("dims the rest, but nothing at the start and at the end", () => {
    const dims = beats.map((_, step) => lightAt(beats, step).dims);
    assert.deepEqual(dims, [false, true, true, true, true, true, false]);
  });
});

describe("stateBefore", () => {
  it("has the light of the step and the numbers of the one before", () => {
    const state = stateBefore(beats, 3, LEAVES);
    assert.deepEqual([...state.nodes], ["mul_1"]);
    assert.deepEqual(texts(state.contributions), { mul_1_add_1_0: "0.5", x1_add_1_1: "0.5" });
  });

  it("has already been cleared where a new pass begins", () => {
    const second = { ...beats[1], gradients: { add_1: "7" } };
    assert.deepEqual(texts(stateBefore([...beats, second], beats.length, LEAVES).gradients), { x1: "2", x2: "1" });
  });
});

describe("sameMoment", () => {
  const beat = (kind, node) => ({ kind, nodes: [node] });
  const short = [beat("start"), beat("seed", "y"), beat("multiply", "a"), beat("multiply", "a"), beat("end")];
  const long = [beat("start"), beat("seed", "y"), beat("view", "y"), beat("multiply", "a"), beat("fill", "a"),
    beat("multiply", "a"), beat("end")];

  it("goes from start to start and from end to end", () => {
    assert.equal(sameMoment(short, 0, long), 0);
    assert.equal(sameMoment(short, 4, long), 6);
  });

  it("finds the beat that tells the same of the same node, counted", () => {
    assert.equal(sameMoment(short, 2, long), 3);
    assert.equal(sameMoment(short, 3, long), 5);
    assert.equal(sameMoment(long, 5, short), 3);
  });

  it("takes the same share of the way where there is no such beat", () => {
    assert.equal(sameMoment(long, 4, short), 3);
  });
});

describe("stepTelling", () => {
  it("is the first step at which one of the edges has its number", () => {
    assert.equal(stepTelling(beats, ["x1_mul_1_0", "x2_mul_1_1"]), 3);
    assert.equal(stepTelling(beats, ["x2_mul_1_1", "x1_add_1_1"]), 2);
  });

  it("is the last where no number ever travels", () => {
    assert.equal(stepTelling(beats, ["nowhere"]), beats.length - 1);
    assert.equal(stepTelling(beats, []), beats.length - 1);
  });
});

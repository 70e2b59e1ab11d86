// What the keys of the player do.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { keyAction } from "../../vizgraph/web/keys.js";

/** What a player is told by a key, as [what, with what]. */
function told(key, { picked = null, id = null } = {}) {
  const said = [];
  const hear = (what) => (value) => said.push([what, value]);
  const stage = { zoom: hear("zoom"), fit: hear("fit") };
  const player = { step: 3, picked, scene: { last: 9 }, stage, go: hear("go"), forward: hear("forward"), toggle: hear("toggle"), pick: hear("pick") };
  keyAction(player, key, id)?.();
  return said;
}

describe("keyAction", () => {
  it("goes back, to the start and to the end at once, and forward with its move", () => {
    assert.deepEqual(["ArrowLeft", "Home", "End"].map((key) => told(key)[0]), [["go", 2], ["go", 0], ["go", 9]]);
    assert.deepEqual(told("ArrowRight"), [["forward", undefined]]);
    assert.deepEqual(told(" "), [["toggle", undefined]]);
  });

  it("zooms in with the plus, shifted or not, and out by the same", () => {
    const [[, plus]] = told("+");
    const [[, minus]] = told("-");
    assert.deepEqual(told("="), [["zoom", plus]]);
    assert.equal(plus * minus, 1);
    assert.deepEqual(told("0"), [["fit", undefined]]);
  });

  it("closes the card with Escape, which is the page's own where no card is open", () => {
    assert.deepEqual(told("Escape", { picked: "x1" }), [["pick", null]]);
    assert.deepEqual(told("Escape"), []);
  });

  it("picks with Enter what has the focus", () => {
    assert.deepEqual(told("Enter", { id: "mul_1" }), [["pick", "mul_1"]]);
    assert.deepEqual(told("Enter"), []);
  });

  it("leaves every other key, those that every object knows among them", () => {
    assert.deepEqual(["r", "c", "Tab", "toString", "constructor"].map((key) => told(key)), [[], [], [], [], []]);
  });
});

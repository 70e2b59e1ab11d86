// What a card says at a step.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { cardRows } from "../../vizgraph/web/card.js";

describe("cardRows", () => {
  const rows = [["value", "3"], ["gradient", [[2, "0.5"], [4, "2"], [6, null], [8, "1"]]]];
  const gradient = (step) => cardRows(rows, step, "not yet")[1][1];

  it("leaves a text that never changes", () => {
    assert.deepEqual(cardRows(rows, 0, "not yet")[0], ["value", "3"]);
  });

  it("shows what had arrived by then", () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(gradient), ["not yet", "0.5", "0.5", "2", "2"]);
  });

  it("waits again once a new pass has cleared it", () => {
    assert.deepEqual([6, 7, 8].map(gradient), ["not yet", "not yet", "1"]);
  });
});

// How long moves and sentences take.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { moveTime, readTime } from "../../vizgraph/web/pace.js";

describe("time", () => {
  it("keeps every move between half a second and a second and a quarter", () => {
    assert.deepEqual([0.5, 1, 2].map(moveTime), [1250, 800, 500]);
  });

  it("gives longer sentences more time, and less at a higher speed", () => {
    assert.ok(readTime("x".repeat(80), 1) > readTime("x".repeat(20), 1));
    assert.equal(readTime("x".repeat(80), 2), readTime("x".repeat(80), 1) / 2);
  });
});

// Numbers between two others.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blend, clamp, ease } from "../../vizgraph/web/between.js";

describe("clamp", () => {
  it("leaves what is between its ends, and stops at them", () => {
    assert.deepEqual([-1, 0, 3, 5, 9].map((value) => clamp(value, 0, 5)), [0, 0, 3, 5, 5]);
  });
});

describe("ease", () => {
  it("goes from rest to rest", () => {
    assert.deepEqual([0, 0.5, 1].map(ease), [0, 0.5, 1]);
    assert.ok(ease(0.1) < 0.1 && ease(0.9) > 0.9);
  });
});

describe("blend", () => {
  it("begins at the one and ends at the other", () => {
    assert.deepEqual([0, 0.25, 1].map((share) => blend(8, -8, share)), [8, 4, -8]);
  });
});

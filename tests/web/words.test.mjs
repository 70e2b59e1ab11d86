// Texts of a language, filled and measured.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { fill, longest } from "../../vizgraph/web/words.js";

describe("fill", () => {
  it("puts values in place of names", () => {
    assert.equal(fill("Step {i} of {n}", { i: 3, n: 12 }), "Step 3 of 12");
  });

  it("leaves names that it does not know, and braces inside values", () => {
    assert.equal(fill("{a} {b}", { a: "{b}" }), "{b} {b}");
  });
});

describe("longest", () => {
  it("is the first of the longest texts", () => {
    assert.equal(longest(["a", "ccc", "bb", "ddd"]), "ccc");
  });

  it("is empty where there is none", () => {
    assert.equal(longest([]), "");
  });
});

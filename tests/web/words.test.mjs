// Texts of a language, filled and measured.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { fill, longest, unbroken } from "../../vizgraph/web/words.js";

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

describe("unbroken", () => {
  it("keeps each equation of a list in one line, where it fits into one", () => {
    const long = `b.grad = [${"0.25, ".repeat(9)}1]`;
    assert.equal(unbroken(`a.grad = [1, 2], ${long}`, 40), `a.grad\u00a0=\u00a0[1,\u00a02], ${long}`);
  });

  it("leaves a formula alone that lists none", () => {
    assert.equal(unbroken(".grad: None → [1, 2]", 40), ".grad: None → [1, 2]");
    assert.equal(unbroken("a = b = 1", 40), "a = b = 1");
  });
});

// How light a colour is.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { lightness } from "../../vizgraph/web/theme.js";

describe("lightness", () => {
  it("orders black, grey and white", () => {
    assert.equal(lightness("rgb(0, 0, 0)"), 0);
    assert.ok(Math.abs(lightness("rgba(128, 128, 128, 1)") - 0.502) < 1e-3);
    assert.ok(lightness("rgb(255, 255, 255)") > 0.999);
  });

  it("does not guess", () => {
    assert.equal(lightness("transparent"), null);
  });
});

// What may be drawn.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { attributeAllowed, elementAllowed } from "../../vizgraph/web/safe.js";

describe("what may be drawn", () => {
  it("is shapes and text", () => {
    const drawn = ["svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title"];
    assert.deepEqual(drawn.filter((name) => !elementAllowed(name)), []);
  });

  it("is nothing that runs, loads or escapes from SVG", () => {
    const refused = ["script", "style", "foreignObject", "image", "use", "a", "animate", "set", "iframe", "SCRIPT"];
    assert.deepEqual(refused.filter(elementAllowed), []);
    const attributes = ["onload", "onclick", "href", "xlink:href", "style", "src", "id", "data-", "dataonload", "xmlns"];
    assert.deepEqual(attributes.filter(attributeAllowed), []);
  });

  it("may say which node and edge it is", () => {
    assert.ok(["data-node", "data-edge", "data-source", "class", "d", "viewBox"].every(attributeAllowed));
  });
});

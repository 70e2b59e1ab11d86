import assert from "node:assert/strict";
import test from "node:test";

import { mapScale, place, seen } from "../../vizgraph/web/minimap.js";
import { findable, hits } from "../../vizgraph/web/search.js";

const words = { "card.kind": "kind", "card.grad_fn": "grad_fn" };
const view = {
  nodes: { w: { title: "fc.weight", rows: [["kind", "leaf"], ["grad_fn", "AccumulateGrad"], ["dtype", "float32"], ["gradient", [[0, "3"]]]] } },
  index: [["add_1", "add layers.3.attn", "group.1"], ["w", "drawn already", null]],
};

test("a node is found by name, operation or module, drawn or not, and once", () => {
  const items = findable(view, words);
  assert.deepEqual(hits(items, "WEIGHT"), ["w"]);
  assert.deepEqual(hits(items, "attn add"), ["add_1"]);
  assert.deepEqual(hits(items, "leaf"), ["w"]);
  assert.deepEqual([hits(items, "  "), hits(items, "softmax")], [[], []]);
  assert.deepEqual([hits(items, "mul"), hits(items, "float")], [[], []]); // no accumulated gradient, no number
});

test("the map shows what is seen of the drawing", () => {
  const drawing = { width: 1000, height: 400 };
  assert.deepEqual(seen({ x: -100, y: 10, scale: 0.5 }, drawing, { width: 200, height: 300 }), { x: 200, y: 0, width: 400, height: 400 });
  assert.ok(mapScale(drawing, { width: 1800, height: 700 }) * 1000 <= 168);
  assert.ok(mapScale(drawing, { width: 300, height: 300 }) * 1000 <= 60); // in a small box, a small map
});

test("the map stands in a corner, or else at a side, where it hides nothing, and stays while it does not", () => {
  const [box, size] = [{ width: 800, height: 400 }, { width: 160, height: 100 }];
  const part = (x, y, weight = 1) => ({ x, y, width: 100, height: 60, weight });
  assert.deepEqual(place(box, size, []), { x: 10, y: 290 });
  assert.deepEqual(place(box, size, [part(20, 300)]), { x: 630, y: 10 });
  assert.deepEqual(place(box, size, [part(20, 300), part(700, 20)]), { x: 630, y: 290 });
  assert.deepEqual(place(box, size, [part(700, 20)], { x: 630, y: 290 }), { x: 630, y: 290 });
  const corners = [part(20, 300), part(680, 20), part(680, 300, 20), part(20, 20, 20)];
  assert.deepEqual(place(box, size, corners), { x: 320, y: 290 });
  const sides = [part(350, 300), part(350, 20), part(680, 160), part(20, 160)];
  assert.deepEqual(place(box, size, [...corners, ...sides]), { x: 10, y: 290 }); // what is lit stays in sight
});

import assert from "node:assert/strict";
import test from "node:test";

import { corner, mapScale, seen } from "../../vizgraph/web/minimap.js";
import { findable, hits } from "../../vizgraph/web/search.js";

const view = {
  nodes: { w: { title: "fc.weight", rows: [["kind", "leaf"], ["gradient", [[0, "3"]]]] } },
  index: [["add_1", "add layers.3.attn", "group.1"], ["w", "drawn already", null]],
};

test("a node is found by name, operation or module, drawn or not, and once", () => {
  const items = findable(view);
  assert.deepEqual(hits(items, "WEIGHT"), ["w"]);
  assert.deepEqual(hits(items, "attn add"), ["add_1"]);
  assert.deepEqual(hits(items, "leaf"), ["w"]);
  assert.deepEqual([hits(items, "  "), hits(items, "softmax")], [[], []]);
});

test("the map shows what is seen of the drawing", () => {
  const drawing = { width: 1000, height: 400 };
  assert.deepEqual(seen({ x: -100, y: 10, scale: 0.5 }, drawing, { width: 200, height: 300 }), { x: 200, y: 0, width: 400, height: 400 });
  assert.ok(mapScale(drawing) * 1000 <= 168);
});

test("the map stands in a corner where it hides nothing that is lit", () => {
  const [box, size] = [{ width: 800, height: 400 }, { width: 160, height: 100 }];
  const lit = (x, y) => ({ x, y, width: 100, height: 60 });
  assert.deepEqual(corner(box, size, []), { x: 10, y: 290 });
  assert.deepEqual(corner(box, size, [lit(20, 300)]), { x: 630, y: 10 });
  assert.deepEqual(corner(box, size, [lit(20, 300), lit(700, 20)]), { x: 630, y: 290 });
  const all = [lit(20, 300), lit(700, 20), { ...lit(700, 300), weight: 20 }, { ...lit(20, 20), weight: 20 }];
  assert.deepEqual(corner(box, size, all), { x: 630, y: 10 }); // the two that are lit stay in sight
});

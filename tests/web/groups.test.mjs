import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import test from "node:test";

import { arrowHead, bent, lookedAt, pointsOf, recounted, stretch, unpack, weave } from "../../vizgraph/web/groups.js";

test("a stretch that is opened gets its size, and what follows moves on by as much", () => {
  const map = stretch([{ start: 10, end: 20, size: 50 }]);
  assert.deepEqual([0, 10, 15, 20, 30].map(map), [0, 10, 35, 60, 70]);
});

test("two openings above each other share their room, two beside each other add up", () => {
  const above = stretch([{ start: 10, end: 20, size: 50 }, { start: 10, end: 20, size: 30 }]);
  assert.equal(above(30), 70);
  const beside = stretch([{ start: 10, end: 20, size: 50 }, { start: 30, end: 40, size: 20 }]);
  assert.equal(beside(50), 100);
});

test("a map never turns back and gives every opening at least its size", () => {
  const openings = [{ start: 0, end: 30, size: 70 }, { start: 20, end: 50, size: 95 }, { start: 45, end: 60, size: 15 }];
  const map = stretch(openings);
  for (let x = 0; x < 80; x++) assert.ok(map(x + 1) >= map(x) + 1 - 1e-9);
  for (const { start, end, size } of openings) assert.ok(map(end) - map(start) >= size - 1e-9);
});

test("a way keeps its ends at boxes that moved otherwise than the plane", () => {
  const points = pointsOf("M0 0C10 0 20 10 30 10");
  assert.equal(points.length, 4);
  const moved = bent(points, ({ x, y }) => ({ x: 2 * x, y }), { x: -5, y: 1 }, null);
  assert.deepEqual(moved[0], { x: -5, y: 1 });
  assert.deepEqual(moved[moved.length - 1], { x: 60, y: 10 });
  assert.equal(arrowHead([{ x: 0, y: 0 }, { x: 10, y: 0 }]), "M10 0L2 4L2 -4Z");
});

test("a turn before a box that stands further along its way stays a turn, with a straight piece after it", () => {
  const turn = pointsOf("M100 0C-20 0 -20 20 0 20");
  const same = (point) => ({ ...point });
  const moved = bent(turn, same, null, { x: 500, y: 25 });
  assert.deepEqual(moved.slice(0, 2), turn.slice(0, 2));
  assert.deepEqual(moved.slice(2), [-20, 0, 500 / 3, 1000 / 3, 500].map((x) => ({ x, y: 25 })));
  const back = bent([...turn].reverse(), same, { x: 500, y: 25 }, null);
  assert.deepEqual(back.reverse(), moved);
});

test("of an opened group something is seen, not only its empty corner", () => {
  const part = { x: 0, y: 0, width: 100, height: 100 };
  const node = (x, y) => ({ x, y, width: 20, height: 10 });
  assert.deepEqual(lookedAt(part, [node(500, 500), node(50, 50)]), part);
  assert.deepEqual(lookedAt(part, []), part);
  assert.deepEqual(lookedAt(part, [node(300, 0), node(90, 200)]), { ...part, x: 50, y: 155 });
});

test("the beats of an inside come before the beat of their group, level by level", () => {
  const beat = (name, at) => ({ name, at });
  const deep = { beats: [beat("d0", 1)] };
  const inner = { beats: [beat("i0", 2), beat("i1", 2), beat("i2", 3)], opened: [deep] };
  const top = { beats: [beat("t0"), beat("t1"), beat("t2"), beat("t3")], opened: [inner] };
  const names = weave(top).map((entry) => entry.beat.name);
  assert.deepEqual(names, ["t0", "t1", "i0", "d0", "i1", "t2", "i2", "t3"]);
});

test("a card counts in the woven steps", () => {
  const card = { title: "x", rows: [["kind", "leaf"], ["gradient", [[0, null], [2, "4"]]]] };
  assert.deepEqual(recounted(card, (from) => from + 10).rows[1], ["gradient", [[10, null], [12, "4"]]]);
});

test("an inside is unpacked", async () => {
  const packed = deflateSync(JSON.stringify({ beats: ["‖·‖"] })).toString("base64");
  assert.deepEqual(await unpack(packed), { beats: ["‖·‖"] });
});

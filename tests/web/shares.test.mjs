// How a leaf's gradient is shared out over a drawing, whatever is opened in it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { connected, shares, streamOf } from "../../vizgraph/web/shares.js";

describe("shares", () => {
  const edges = [
    { id: "a", source: "x", target: "left", size: 3 },
    { id: "b", source: "x", target: "right", size: 1 },
    { id: "c", source: "left", target: "out", size: 7 },
    { id: "d", source: "right", target: "out", size: 2 },
    { id: "e", source: "other", target: "out", size: 2 },
  ];

  it("divides a leaf's gradient among its uses by what they contributed, and it is whole again at the output", () => {
    const { nodes, edges: through } = shares("x", edges);
    assert.deepEqual(Object.fromEntries(nodes), { x: 1, left: 0.75, right: 0.25, out: 1 });
    assert.deepEqual(Object.fromEntries(through), { a: 0.75, b: 0.25, c: 0.75, d: 0.25 });
  });

  it("needs no recursion: a way of 100,000 nodes", () => {
    const way = Array.from({ length: 100_000 }, (_, i) => ({ id: `e${i}`, source: `n${i}`, target: `n${i + 1}`, size: 1 }));
    assert.equal(shares("n0", way).nodes.get("n100000"), 1);
  });
});

describe("shares in an opened group", () => {
  // x -> g(a -> b) -> y, beside x -> y: closed, then with g open.
  const top = [
    { id: "e1", source: "x", target: "group.1", size: 3 },
    { id: "e2", source: "group.1", target: "y", size: 5 },
    { id: "e3", source: "x", target: "y", size: 1 },
  ];
  const inside = [
    { id: "i1", source: "group.1.from.x", target: "a", size: 3 },
    { id: "i2", source: "a", target: "b", size: 4 },
    { id: "i3", source: "b", target: "group.1.to.y", size: 5 },
  ];
  const found = (edges, open) => {
    const drawn = new Set(edges.flatMap(({ source, target }) => [source, target]));
    return shares("x", connected(edges, (id) => open.includes(id), (id) => drawn.has(id)));
  };

  it("go on behind its border, and are what they were outside", () => {
    const closed = found(top, []);
    const { nodes, edges } = found([...top, ...inside], ["group.1"]);
    for (const id of ["e1", "e2", "e3"]) assert.equal(edges.get(id), closed.edges.get(id));
    assert.deepEqual(["i1", "i2", "i3"].map((id) => edges.get(id)), [0.75, 0.75, 0.75]);
    assert.deepEqual(["a", "b", "y"].map((id) => nodes.get(id)), [0.75, 0.75, 1]);
    assert.deepEqual(["group.1.from.x", "group.1.to.y"].map((id) => nodes.get(streamOf(id))), [0.75, 0.75]);
  });

  it("pass from one opened group to the next, and out of one that stands in another", () => {
    const edges = [
      { id: "e1", source: "x", target: "group.1", size: 1 },
      { id: "e2", source: "group.1", target: "group.2", size: 1 },
      { id: "i1", source: "group.1.from.x", target: "group.3", size: 1 },
      { id: "i2", source: "group.3", target: "group.1.to.group.2", size: 1 },
      { id: "d1", source: "group.3.from.x", target: "c", size: 1 },
      { id: "d2", source: "c", target: "group.3.to.group.2", size: 1 },
      { id: "j1", source: "group.2.from.group.1", target: "z", size: 1 },
    ];
    const all = found(edges, ["group.1", "group.2", "group.3"]);
    assert.deepEqual(edges.map(({ id }) => all.edges.get(id)), edges.map(() => 1));
    assert.equal(all.nodes.get("z"), 1);
  });

  it("reach what has no stub of its own outside, but one inside", () => {
    const edges = [
      { id: "e1", source: "x", target: "group.1", size: 4 },
      { id: "i1", source: "group.1.from.others", target: "group.2", size: 4 },
      { id: "d1", source: "group.2.from.x", target: "a", size: 1 },
      { id: "d2", source: "group.2.from.w", target: "b", size: 3 },
    ];
    const { nodes } = found(edges, ["group.1", "group.2"]);
    assert.deepEqual([nodes.get("a"), nodes.get("b")], [0.25, 0.75]);
  });

  it("count what a hub gives through the stubs of its far uses", () => {
    const edges = [
      { id: "e1", source: "x", target: "a", size: 1 },
      { id: "e2", source: "x.at.b", target: "b", size: 3 },
    ];
    const { nodes } = found(edges, []);
    assert.deepEqual([nodes.get("a"), nodes.get("b"), nodes.get(streamOf("x.at.b"))], [0.25, 0.75, 1]);
  });
});

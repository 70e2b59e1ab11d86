// The way along an edge.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { nearest, pointAtLength, route } from "../../vizgraph/web/routes.js";

describe("route", () => {
  it("measures a straight path", () => {
    const line = route("M0,0 L30,40");
    assert.equal(line.total, 50);
    assert.deepEqual(pointAtLength(line, 25), { x: 15, y: 20 });
  });

  it("takes further pairs after M and L as lines, and several curves after one C", () => {
    assert.equal(route("M 0 0 10 0 L 10 10 20 10").total, 30);
    const curves = route("M0 0C1 0 2 0 3 0 4 0 5 0 6 0");
    assert.ok(Math.abs(curves.total - 6) < 1e-9);
  });

  it("measures a quarter of a circle within a thousandth", () => {
    const k = 0.5522847498;
    const arc = route(`M100,0 C100,${100 * k} ${100 * k},100 0,100`, 64);
    assert.ok(Math.abs(arc.total / ((100 * Math.PI) / 2) - 1) < 1e-3);
    const middle = pointAtLength(arc, arc.total / 2);
    assert.ok(Math.abs(Math.hypot(middle.x, middle.y) - 100) < 0.1);
    assert.ok(Math.abs(middle.x - middle.y) < 0.1);
  });

  it("reads negative and exponent numbers", () => {
    assert.deepEqual(route("M-1.5,2e1L.5-3").points, [{ x: -1.5, y: 20 }, { x: 0.5, y: -3 }]);
  });

  it("has no point beyond its ends", () => {
    const line = route("M0,0 L10,0");
    assert.deepEqual(pointAtLength(line, -5), { x: 0, y: 0 });
    assert.deepEqual(pointAtLength(line, 15), { x: 10, y: 0 });
  });
});

describe("nearest", () => {
  const line = route("M0,0 L100,0");

  it("gives the distance and the place on the way", () => {
    assert.deepEqual(nearest(line, { x: 30, y: 4 }), { distance: 4, length: 30 });
    assert.deepEqual(nearest(line, { x: 103, y: 4 }), { distance: 5, length: 100 });
  });

  it("is infinitely far from an empty route", () => {
    assert.equal(nearest(route(""), { x: 0, y: 0 }).distance, Infinity);
  });
});

// The pure helpers of the player: what is shown at a step, where it stands, how long it takes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import * as player from "../../vizgraph/web/player.js";

const payload = JSON.parse(readFileSync(new URL("./payload.json", import.meta.url), "utf-8"));
const { beats } = payload.views.math;
const LEAVES = new Set(["x1", "x2"]);

const texts = (map) => Object.fromEntries(map);

describe("stateAt", () => {
  it("shows no gradient after the forward pass", () => {
    const state = player.stateAt(beats, 0, LEAVES);
    assert.deepEqual([texts(state.gradients), texts(state.contributions)], [{}, {}]);
  });

  it("keeps the texts of all beats up to the step", () => {
    const state = player.stateAt(beats, 3, LEAVES);
    assert.deepEqual(texts(state.gradients), { add_1: "0.5", mul_1: "0.5" });
    assert.deepEqual(texts(state.contributions), {
      mul_1_add_1_0: "0.5",
      x1_add_1_1: "0.5",
      x1_mul_1_0: "1.5",
      x2_mul_1_1: "1",
    });
  });

  it("is the same whether reached from before or from after", () => {
    player.stateAt(beats, 6, LEAVES);
    assert.deepEqual(player.stateAt(beats, 2, LEAVES), player.stateAt(structuredClone(beats), 2, LEAVES));
  });

  it("wipes all texts but those of leaves when a new pass begins, before it adds its own", () => {
    const second = { kind: "seed", sentence: "", formula: "", nodes: ["add_1"], gradients: { add_1: "7" }, clears: true };
    const state = player.stateAt([...beats, second], beats.length, LEAVES);
    assert.deepEqual(texts(state.gradients), { x1: "2", x2: "1", add_1: "7" });
    assert.equal(state.contributions.size, 0);
  });

  it("lights the nodes and edges of its own beat only", () => {
    const { nodes, edges } = player.stateAt(beats, 3, LEAVES);
    assert.deepEqual([[...nodes], [...edges]], [["mul_1"], ["x1_mul_1_0", "x2_mul_1_1"]]);
  });

  it("dims the rest, but nothing at the start and at the end", () => {
    const dims = beats.map((_, step) => player.lightAt(beats, step).dims);
    assert.deepEqual(dims, [false, true, true, true, true, true, false]);
  });
});

describe("stateBefore", () => {
  it("has the light of the step and the numbers of the one before", () => {
    const state = player.stateBefore(beats, 3, LEAVES);
    assert.deepEqual([...state.nodes], ["mul_1"]);
    assert.deepEqual(texts(state.contributions), { mul_1_add_1_0: "0.5", x1_add_1_1: "0.5" });
  });

  it("has already been cleared where a new pass begins", () => {
    const second = { ...beats[1], gradients: { add_1: "7" } };
    assert.deepEqual(texts(player.stateBefore([...beats, second], beats.length, LEAVES).gradients), { x1: "2", x2: "1" });
  });
});

describe("sameMoment", () => {
  const beat = (kind, node) => ({ kind, nodes: [node] });
  const short = [beat("start"), beat("seed", "y"), beat("multiply", "a"), beat("multiply", "a"), beat("end")];
  const long = [beat("start"), beat("seed", "y"), beat("view", "y"), beat("multiply", "a"), beat("fill", "a"),
    beat("multiply", "a"), beat("end")];

  it("goes from start to start and from end to end", () => {
    assert.equal(player.sameMoment(short, 0, long), 0);
    assert.equal(player.sameMoment(short, 4, long), 6);
  });

  it("finds the beat that tells the same of the same node, counted", () => {
    assert.equal(player.sameMoment(short, 2, long), 3);
    assert.equal(player.sameMoment(short, 3, long), 5);
    assert.equal(player.sameMoment(long, 5, short), 3);
  });

  it("takes the same share of the way where there is no such beat", () => {
    assert.equal(player.sameMoment(long, 4, short), 3);
  });
});

describe("cardRows", () => {
  const rows = [["value", "3"], ["gradient", [[2, "0.5"], [4, "2"], [6, null], [8, "1"]]]];
  const gradient = (step) => player.cardRows(rows, step, "not yet")[1][1];

  it("leaves a text that never changes", () => {
    assert.deepEqual(player.cardRows(rows, 0, "not yet")[0], ["value", "3"]);
  });

  it("shows what had arrived by then", () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(gradient), ["not yet", "0.5", "0.5", "2", "2"]);
  });

  it("waits again once a new pass has cleared it", () => {
    assert.deepEqual([6, 7, 8].map(gradient), ["not yet", "not yet", "1"]);
  });
});

describe("fill", () => {
  it("puts values in place of names", () => {
    assert.equal(player.fill("Step {i} of {n}", { i: 3, n: 12 }), "Step 3 of 12");
  });

  it("leaves names that it does not know, and braces inside values", () => {
    assert.equal(player.fill("{a} {b}", { a: "{b}" }), "{b} {b}");
  });
});

describe("longest", () => {
  it("is the first of the longest texts", () => {
    assert.equal(player.longest(["a", "ccc", "bb", "ddd"]), "ccc");
  });

  it("is empty where there is none", () => {
    assert.equal(player.longest([]), "");
  });
});

describe("time", () => {
  it("keeps every move between half a second and a second and a quarter", () => {
    assert.deepEqual([0.5, 1, 2].map(player.moveTime), [1250, 800, 500]);
  });

  it("gives longer sentences more time, and less at a higher speed", () => {
    assert.ok(player.readTime("x".repeat(80), 1) > player.readTime("x".repeat(20), 1));
    assert.equal(player.readTime("x".repeat(80), 2), player.readTime("x".repeat(80), 1) / 2);
  });

  it("eases from rest to rest", () => {
    assert.deepEqual([0, 0.5, 1].map(player.ease), [0, 0.5, 1]);
    assert.ok(player.ease(0.1) < 0.1 && player.ease(0.9) > 0.9);
  });
});

describe("fitScale and homeScale", () => {
  const box = { width: 832, height: 432 };

  it("fits the longer side, with its margin", () => {
    assert.equal(player.fitScale({ width: 400, height: 100 }, box), 2);
    assert.equal(player.fitScale({ width: 100, height: 800 }, box), 0.5);
  });

  it("does not blow a small drawing up", () => {
    assert.equal(player.homeScale({ width: 40, height: 40 }, box, 12), 1.4);
  });

  it("does not shrink text below ten pixels, whatever overflows", () => {
    assert.equal(player.homeScale({ width: 9000, height: 9000 }, box, 12.5) * 12.5, 10);
  });

  it("shows a drawing that overflows anyway at its natural size", () => {
    assert.equal(player.homeScale({ width: 9000, height: 100 }, box, 12.5), 1);
    assert.equal(player.homeScale({ width: 9000, height: 480 }, box, 12.5), 0.9);
  });

  it("shows no text below 24 pixels at a projector", () => {
    for (const size of [40, 400, 9000]) {
      assert.ok(player.homeScale({ width: size, height: size }, box, 13, true) * 13 >= 24 - 1e-9);
    }
  });
});

describe("zoomAt", () => {
  it("leaves the point under the pointer where it is", () => {
    const port = { x: 30, y: -20, scale: 1.5 };
    const zoomed = player.zoomAt(port, 1.25, 200, 100, [0.1, 6]);
    const drawn = (p, x, y) => [(x - p.x) / p.scale, (y - p.y) / p.scale];
    assert.equal(zoomed.scale, 1.875);
    drawn(zoomed, 200, 100).forEach((value, i) => assert.ok(Math.abs(value - drawn(port, 200, 100)[i]) < 1e-9));
  });

  it("stops at its limits without moving", () => {
    const port = { x: 30, y: -20, scale: 6 };
    assert.deepEqual(player.zoomAt(port, 2, 200, 100, [0.1, 6]), port);
  });
});

describe("wheelFactor", () => {
  it("zooms in upwards and out downwards, by the same", () => {
    assert.ok(player.wheelFactor({ deltaY: -100 }) > 1.1);
    assert.ok(Math.abs(player.wheelFactor({ deltaY: -100 }) * player.wheelFactor({ deltaY: 100 }) - 1) < 1e-9);
  });

  it("takes three lines for a notch", () => {
    const [lines, pixels] = [player.wheelFactor({ deltaY: 3, deltaMode: 1 }), player.wheelFactor({ deltaY: 99 })];
    assert.ok(Math.abs(lines - pixels) < 1e-9);
  });

  it("does not jump when the wheel flies", () => {
    assert.equal(player.wheelFactor({ deltaY: 5000 }), player.wheelFactor({ deltaY: 120 }));
  });
});

describe("settle and inSight", () => {
  const box = { width: 400, height: 300 };

  it("centres a drawing that fits", () => {
    const port = player.settle({ x: -999, y: 999, scale: 2 }, { width: 100, height: 50 }, box);
    assert.deepEqual(port, { x: 100, y: 100, scale: 2 });
  });

  it("leaves no empty side beside a drawing that overflows", () => {
    const drawing = { width: 1000, height: 50 };
    assert.equal(player.settle({ x: 500, y: 0, scale: 1 }, drawing, box).x, 16);
    assert.equal(player.settle({ x: -5000, y: 0, scale: 1 }, drawing, box).x, 400 - 1000 - 16);
  });

  it("never lets a drawing be dragged out of sight", () => {
    const drawing = { width: 100, height: 100 };
    assert.deepEqual(player.inSight({ x: 9999, y: -9999, scale: 1 }, drawing, box), { x: 352, y: -52, scale: 1 });
  });
});

describe("follow", () => {
  const box = { width: 400, height: 300 };
  const drawing = { width: 2000, height: 2000 };
  const port = { x: 0, y: 0, scale: 1 };

  it("stays where the part is in sight", () => {
    assert.equal(player.follow(port, { x: 100, y: 100, width: 50, height: 50 }, drawing, box), port);
  });

  it("centres a part that is out of sight, along that axis only", () => {
    const moved = player.follow(port, { x: 900, y: 100, width: 100, height: 50 }, drawing, box);
    assert.deepEqual(moved, { x: 200 - 950, y: 0, scale: 1 });
  });

  it("shows no empty side at the border of the drawing", () => {
    const moved = player.follow(port, { x: 1950, y: 1950, width: 50, height: 50 }, drawing, box);
    assert.deepEqual(moved, { x: 400 - 2000 - 16, y: 300 - 2000 - 16, scale: 1 });
  });
});

describe("around", () => {
  it("is the rectangle around all", () => {
    const parts = [{ x: 10, y: 20, width: 5, height: 5 }, { x: 0, y: 30, width: 50, height: 10 }];
    assert.deepEqual(player.around(parts), { x: 0, y: 20, width: 50, height: 20 });
  });

  it("is nothing around nothing", () => {
    assert.equal(player.around([]), null);
  });
});

describe("route", () => {
  it("measures a straight path", () => {
    const line = player.route("M0,0 L30,40");
    assert.equal(line.total, 50);
    assert.deepEqual(player.pointAtLength(line, 25), { x: 15, y: 20 });
  });

  it("takes further pairs after M and L as lines, and several curves after one C", () => {
    assert.equal(player.route("M 0 0 10 0 L 10 10 20 10").total, 30);
    const curves = player.route("M0 0C1 0 2 0 3 0 4 0 5 0 6 0");
    assert.ok(Math.abs(curves.total - 6) < 1e-9);
  });

  it("measures a quarter of a circle within a thousandth", () => {
    const k = 0.5522847498;
    const arc = player.route(`M100,0 C100,${100 * k} ${100 * k},100 0,100`, 64);
    assert.ok(Math.abs(arc.total / ((100 * Math.PI) / 2) - 1) < 1e-3);
    const middle = player.pointAtLength(arc, arc.total / 2);
    assert.ok(Math.abs(Math.hypot(middle.x, middle.y) - 100) < 0.1);
    assert.ok(Math.abs(middle.x - middle.y) < 0.1);
  });

  it("reads negative and exponent numbers", () => {
    assert.deepEqual(player.route("M-1.5,2e1L.5-3").points, [{ x: -1.5, y: 20 }, { x: 0.5, y: -3 }]);
  });

  it("has no point beyond its ends", () => {
    const line = player.route("M0,0 L10,0");
    assert.deepEqual(player.pointAtLength(line, -5), { x: 0, y: 0 });
    assert.deepEqual(player.pointAtLength(line, 15), { x: 10, y: 0 });
  });
});

describe("nearest", () => {
  const line = player.route("M0,0 L100,0");

  it("gives the distance and the place on the way", () => {
    assert.deepEqual(player.nearest(line, { x: 30, y: 4 }), { distance: 4, length: 30 });
    assert.deepEqual(player.nearest(line, { x: 103, y: 4 }), { distance: 5, length: 100 });
  });

  it("is infinitely far from an empty route", () => {
    assert.equal(player.nearest(player.route(""), { x: 0, y: 0 }).distance, Infinity);
  });
});

describe("what may be drawn", () => {
  it("is shapes and text", () => {
    const drawn = ["svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title"];
    assert.deepEqual(drawn.filter((name) => !player.elementAllowed(name)), []);
  });

  it("is nothing that runs, loads or escapes from SVG", () => {
    const refused = ["script", "style", "foreignObject", "image", "use", "a", "animate", "set", "iframe", "SCRIPT"];
    assert.deepEqual(refused.filter(player.elementAllowed), []);
    const attributes = ["onload", "onclick", "href", "xlink:href", "style", "src", "id", "data-", "dataonload", "xmlns"];
    assert.deepEqual(attributes.filter(player.attributeAllowed), []);
  });

  it("may say which node and edge it is", () => {
    assert.ok(["data-node", "data-edge", "data-source", "class", "d", "viewBox"].every(player.attributeAllowed));
  });
});

describe("lightness", () => {
  it("orders black, grey and white", () => {
    assert.equal(player.lightness("rgb(0, 0, 0)"), 0);
    assert.ok(Math.abs(player.lightness("rgba(128, 128, 128, 1)") - 0.502) < 1e-3);
    assert.ok(player.lightness("rgb(255, 255, 255)") > 0.999);
  });

  it("does not guess", () => {
    assert.equal(player.lightness("transparent"), null);
  });
});

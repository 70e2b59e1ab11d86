// Where a drawing stands in its box.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { around, beyond, centred, fitScale, follow, homePort, homeScale, inSight, settle, together, wheelFactor, zoomAt } from "../../vizgraph/web/port.js";

describe("fitScale and homeScale", () => {
  const box = { width: 812, height: 412 };

  it("fits the longer side, with its margin", () => {
    assert.equal(fitScale({ width: 400, height: 100 }, box), 2);
    assert.equal(fitScale({ width: 100, height: 800 }, box), 0.5);
  });

  it("does not blow a small drawing up", () => {
    assert.equal(homeScale({ width: 40, height: 40 }, box, 12), 1.4);
  });

  it("does not shrink text below ten pixels, whatever overflows", () => {
    assert.equal(homeScale({ width: 9000, height: 9000 }, box, 12.5) * 12.5, 10);
  });

  it("shows a drawing that overflows anyway at its natural size", () => {
    assert.equal(homeScale({ width: 9000, height: 100 }, box, 12.5), 1);
    assert.equal(homeScale({ width: 9000, height: 440 }, box, 12.5), 412 / 440);
  });

  it("shows no text below 24 pixels at a projector", () => {
    for (const size of [40, 400, 9000]) {
      assert.ok(homeScale({ width: size, height: size }, box, 13, true) * 13 >= 24 - 1e-9);
    }
  });
});

describe("zoomAt", () => {
  it("leaves the point under the pointer where it is", () => {
    const port = { x: 30, y: -20, scale: 1.5 };
    const zoomed = zoomAt(port, 1.25, 200, 100, [0.1, 6]);
    const drawn = (p, x, y) => [(x - p.x) / p.scale, (y - p.y) / p.scale];
    assert.equal(zoomed.scale, 1.875);
    drawn(zoomed, 200, 100).forEach((value, i) => assert.ok(Math.abs(value - drawn(port, 200, 100)[i]) < 1e-9));
  });

  it("stops at its limits without moving", () => {
    const port = { x: 30, y: -20, scale: 6 };
    assert.deepEqual(zoomAt(port, 2, 200, 100, [0.1, 6]), port);
  });
});

describe("wheelFactor", () => {
  it("zooms in upwards and out downwards, by the same", () => {
    assert.ok(wheelFactor({ deltaY: -100 }) > 1.1);
    assert.ok(Math.abs(wheelFactor({ deltaY: -100 }) * wheelFactor({ deltaY: 100 }) - 1) < 1e-9);
  });

  it("takes three lines for a notch", () => {
    const [lines, pixels] = [wheelFactor({ deltaY: 3, deltaMode: 1 }), wheelFactor({ deltaY: 99 })];
    assert.ok(Math.abs(lines - pixels) < 1e-9);
  });

  it("does not jump when the wheel flies", () => {
    assert.equal(wheelFactor({ deltaY: 5000 }), wheelFactor({ deltaY: 120 }));
  });
});

describe("settle and inSight", () => {
  const box = { width: 400, height: 300 };

  it("centres a drawing that fits", () => {
    const port = settle({ x: -999, y: 999, scale: 2 }, { width: 100, height: 50 }, box);
    assert.deepEqual(port, { x: 100, y: 100, scale: 2 });
  });

  it("leaves no empty side beside a drawing that overflows", () => {
    const drawing = { width: 1000, height: 50 };
    assert.equal(settle({ x: 500, y: 0, scale: 1 }, drawing, box).x, 16);
    assert.equal(settle({ x: -5000, y: 0, scale: 1 }, drawing, box).x, 400 - 1000 - 16);
  });

  it("never lets a drawing be dragged out of sight", () => {
    const drawing = { width: 100, height: 100 };
    assert.deepEqual(inSight({ x: 9999, y: -9999, scale: 1 }, drawing, box), { x: 352, y: -52, scale: 1 });
  });
});

describe("follow", () => {
  const box = { width: 400, height: 300 };
  const drawing = { width: 2000, height: 2000 };
  const port = { x: 0, y: 0, scale: 1 };

  it("stays where the part is in sight", () => {
    assert.equal(follow(port, { x: 100, y: 100, width: 50, height: 50 }, drawing, box), port);
  });

  it("centres a part that is out of sight, along that axis only", () => {
    const moved = follow(port, { x: 900, y: 100, width: 100, height: 50 }, drawing, box);
    assert.deepEqual(moved, { x: 200 - 950, y: 0, scale: 1 });
  });

  it("shows no empty side at the border of the drawing", () => {
    const moved = follow(port, { x: 1950, y: 1950, width: 50, height: 50 }, drawing, box);
    assert.deepEqual(moved, { x: 400 - 2000 - 16, y: 300 - 2000 - 16, scale: 1 });
  });
});

describe("around", () => {
  it("is the rectangle around all", () => {
    const parts = [{ x: 10, y: 20, width: 5, height: 5 }, { x: 0, y: 30, width: 50, height: 10 }];
    assert.deepEqual(around(parts), { x: 0, y: 20, width: 50, height: 20 });
  });

  it("is nothing around nothing", () => {
    assert.equal(around([]), null);
  });
});

describe("homePort", () => {
  it("has a small drawing in the middle", () => {
    assert.deepEqual(homePort({ width: 100, height: 50 }, { width: 400, height: 300 }, 12), { x: 130, y: 115, scale: 1.4 });
  });

  it("has no empty side beside a large one", () => {
    const { x, scale } = homePort({ width: 9000, height: 50 }, { width: 400, height: 300 }, 10);
    assert.equal(scale, 1);
    assert.equal(x, -4300);
  });
});

describe("centred", () => {
  it("has the middle of the part in the middle of the box", () => {
    const port = centred({ x: 7, y: 7, scale: 2 }, { x: 10, y: 20, width: 30, height: 40 }, { width: 400, height: 300 });
    assert.deepEqual([25 * 2 + port.x, 40 * 2 + port.y, port.scale], [200, 150, 2]);
  });
});

describe("beyond", () => {
  const box = { width: 400, height: 300 };

  it("names no side of a drawing that is seen whole, though a pixel be missing", () => {
    assert.deepEqual(beyond({ x: -1, y: 0, scale: 1 }, { width: 402, height: 300 }, box), []);
  });

  it("names each side at which there is more", () => {
    assert.deepEqual(beyond({ x: -2, y: 0, scale: 1 }, { width: 300, height: 302 }, box), ["left", "bottom"]);
    assert.deepEqual(beyond({ x: 0, y: -50, scale: 2 }, { width: 300, height: 100 }, box), ["right", "top"]);
  });
});

describe("together", () => {
  const room = { width: 100, height: 100 };
  const at = (x, y) => ({ x, y, width: 20, height: 20 });

  it("is all of a part that fits", () => {
    assert.deepEqual(together([at(0, 0), at(80, 80)], room), { x: 0, y: 0, width: 100, height: 100 });
  });

  it("leaves out what would not be seen beside the first", () => {
    assert.deepEqual(together([at(0, 0), at(500, 0), at(40, 0)], room), { x: 0, y: 0, width: 60, height: 20 });
    assert.deepEqual(together([at(500, 0), at(0, 0), at(40, 0)], room), at(500, 0));
  });

  it("is nothing of nothing", () => {
    assert.equal(together([], room), null);
  });
});

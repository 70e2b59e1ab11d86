/**
 * Measure the way along an edge.
 */

import { blend, clamp } from "./between.js";

/** The points of a path of M, L and C commands (absolute, as `svg.draw` writes them), its curves cut
 *  into `pieces` each, with the length of the way up to each point. */
export function route(d, pieces = 16) {
  const points = [];
  for (const [, command, text] of d.matchAll(/([MLC])([^MLC]*)/g)) {
    const numbers = (text.match(/-?\d*\.?\d+(?:e-?\d+)?/gi) ?? []).map(Number);
    const size = command === "C" ? 6 : 2;
    for (let i = 0; i + size <= numbers.length; i += size) {
      const chunk = numbers.slice(i, i + size);
      if (command === "C") points.push(...bend(points[points.length - 1], chunk, pieces));
      else points.push({ x: chunk[0], y: chunk[1] });
    }
  }
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y));
  }
  return { points, lengths, total: lengths[lengths.length - 1] };
}

/** The points of one cubic Bézier curve after its start. */
function bend(start, [x1, y1, x2, y2, x3, y3], pieces) {
  return Array.from({ length: pieces }, (_, i) => {
    const t = (i + 1) / pieces;
    const u = 1 - t;
    const mix = (a, b, c, e) => u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * e;
    return { x: mix(start.x, x1, x2, x3), y: mix(start.y, y1, y2, y3) };
  });
}

/** The point at `length` along a route. */
export function pointAtLength({ points, lengths, total }, length) {
  const wanted = clamp(length, 0, total);
  const next = lengths.findIndex((far) => far >= wanted);
  if (next <= 0) return points[0];
  const share = (wanted - lengths[next - 1]) / (lengths[next] - lengths[next - 1] || 1);
  const [a, b] = [points[next - 1], points[next]];
  return { x: blend(a.x, b.x, share), y: blend(a.y, b.y, share) };
}

/** How far a point is from a route, and at which length of the route it is nearest. */
export function nearest({ points, lengths }, { x, y }) {
  let best = { distance: Infinity, length: 0 };
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const piece = lengths[i] - lengths[i - 1];
    const along = piece ? ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / (piece * piece) : 0;
    const t = clamp(along, 0, 1);
    const distance = Math.hypot(a.x + (b.x - a.x) * t - x, a.y + (b.y - a.y) * t - y);
    if (distance < best.distance) best = { distance, length: lengths[i - 1] + piece * t };
  }
  return best;
}

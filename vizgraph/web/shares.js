/**
 * Follow a leaf's gradient through all that is drawn, opened groups and stubs included: pure.
 *
 * A stub is named after what it stands for: `HUB.at.USE` is the hub itself; `GROUP.from.UNIT` and `GROUP.to.UNIT` are the
 * border between an opened group and what is outside of it. All that crosses one border is one stream.
 */

const REST = "others"; // what is outside and has no stub of its own

/** How much of a leaf's gradient went through each node and edge, from 0 to 1: every node passes its share on to
 *  its consumers in proportion to what they contributed. `edges` are {id, source, target, size}. */
export function shares(leaf, edges) {
  const consumers = new Map();
  for (const edge of edges) {
    if (!(edge.size > 0) || edge.source === edge.target) continue;
    if (!consumers.has(edge.source)) consumers.set(edge.source, []);
    consumers.get(edge.source).push(edge);
  }
  const nodes = new Map([[leaf, 1]]);
  const through = new Map();
  for (const node of inOrder(leaf, consumers)) {
    const out = consumers.get(node) ?? [];
    const whole = out.reduce((sum, edge) => sum + edge.size, 0);
    for (const edge of out) {
      const share = (nodes.get(node) * edge.size) / whole;
      through.set(edge.id, (through.get(edge.id) ?? 0) + share);
      nodes.set(edge.target, (nodes.get(edge.target) ?? 0) + share);
    }
  }
  // An edge from one opened group to another is drawn on their border.
  for (const { id, source, target } of edges) if (source === target && nodes.has(source)) through.set(id, nodes.get(source));
  return { nodes, edges: through };
}

/** The nodes reached from a leaf, each after all of them that it consumes; no recursion. */
function inOrder(leaf, consumers) {
  const done = new Set();
  const order = [];
  const stack = [[leaf, false]];
  while (stack.length) {
    const [node, finished] = stack.pop();
    if (finished) {
      order.push(node);
      continue;
    }
    if (done.has(node)) continue;
    done.add(node);
    stack.push([node, true]);
    for (const { target } of consumers.get(node) ?? []) if (!done.has(target)) stack.push([target, false]);
  }
  return order.reverse();
}

/** What a stub for one use of a hub stands for. */
const hub = (id) => id.match(/^(.*)\.at\./)?.[1] ?? id;

/** Which side of which group a stub stands on, and for what. */
function border(id) {
  const [, group, side, unit] = id.match(/^([^.]+\.\d+)\.(from|to)\.(.+)$/) ?? [];
  return group ? { group, side, unit } : null;
}

const stream = (from, to) => `${from}>${to}`;

/** Where the share of a drawn node is found among those of the streams. */
export function streamOf(id) {
  const at = border(hub(id));
  if (!at) return hub(id);
  return at.side === "from" ? stream(at.unit, at.group) : stream(at.group, at.unit);
}

/** The edges of all levels that are drawn as one graph: what leads to an opened group goes on inside of it. `isOpen` and
 *  `isDrawn` are asked about ids. */
export function connected(edges, isOpen, isDrawn) {
  const inside = new Map(); // stub -> all that goes through it
  for (const { source, target, size } of edges) {
    for (const end of [hub(source), target]) if (border(end)) inside.set(end, (inside.get(end) ?? 0) + (size > 0 ? size : 0));
  }
  const beside = new Map(); // opened group -> what stands beside it, on each side
  for (const { source, target } of edges) {
    if (isOpen(target)) note(beside, `${target}.from.`, border(hub(source))?.unit ?? hub(source));
    if (isOpen(hub(source))) note(beside, `${hub(source)}.to.`, border(target)?.unit ?? target);
  }

  /** The streams over the border of an opened group that an edge is drawn for, each with its weight. */
  function over(group, side, unit) {
    const own = `${group}.${side}.`;
    if (isDrawn(own + unit)) return [[unit, 1]];
    if (unit !== REST) return [[REST, 1]];
    const others = [...inside].filter(([id]) => id.startsWith(own) && !beside.get(own)?.has(id.slice(own.length)));
    const whole = others.reduce((sum, [, size]) => sum + size, 0);
    return whole > 0 ? others.map(([id, size]) => [id.slice(own.length), size / whole]) : [];
  }

  return edges.flatMap(({ id, source, target, size }) => {
    const [from, to] = [hub(source), border(target)?.unit ?? target];
    const sources = isOpen(from) ? over(from, "to", to).map(([unit]) => stream(from, unit)) : [streamOf(from)];
    const unit = border(from)?.unit ?? from;
    const targets = isOpen(target) ? over(target, "from", unit).map(([one, part]) => [stream(one, target), part]) : [[streamOf(target), 1]];
    return sources.flatMap((one) => targets.map(([other, part]) => ({ id, source: one, target: other, size: size * part })));
  });
}

function note(sets, key, id) {
  if (!sets.has(key)) sets.set(key, new Set());
  sets.get(key).add(id);
}

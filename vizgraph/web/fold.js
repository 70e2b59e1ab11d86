/**
 * Fold the beats up to a step into the picture that is shown there.
 */

/** The picture at `step`: the fold of beats 0..step. Texts of `leaves` survive a clearing beat. */
export function stateAt(beats, step, leaves = new Set()) {
  const gradients = new Map();
  const contributions = new Map();
  for (const beat of beats.slice(0, step + 1)) {
    if (beat.clears) {
      for (const id of [...gradients.keys()]) if (!leaves.has(id)) gradients.delete(id);
      contributions.clear();
    }
    for (const [id, text] of Object.entries(beat.gradients ?? {})) gradients.set(id, text);
    for (const [id, text] of Object.entries(beat.contributions ?? {})) contributions.set(id, text);
  }
  return { gradients, contributions, ...lightAt(beats, step) };
}

/** What is lit at `step`, and whether the rest is dimmed: never on the first and the last beat. */
export function lightAt(beats, step) {
  const beat = beats[step];
  const nodes = new Set(beat.nodes ?? []);
  const edges = new Set(beat.edges ?? []);
  const whole = beat.kind === "start" || beat.kind === "end";
  return { nodes, edges, dims: !whole && nodes.size + edges.size > 0 };
}

/** The picture while the move of `step` is under way: its light is on, its numbers have not arrived. */
export function stateBefore(beats, step, leaves = new Set()) {
  const waiting = { ...beats[step], gradients: {}, contributions: {} };
  return stateAt([...beats.slice(0, step), waiting], step, leaves);
}

/** The step of `to` that tells what `step` of `from` tells: the same kind of beat about the same node,
 *  counted from the start; where there is none, the same share of the way. */
export function sameMoment(from, step, to) {
  const last = to.length - 1;
  if (step <= 0) return 0;
  if (step >= from.length - 1) return last;
  const name = (beat) => `${beat.kind} ${(beat.nodes ?? [])[0] ?? ""}`;
  const wanted = name(from[step]);
  let count = from.slice(0, step + 1).filter((beat) => name(beat) === wanted).length;
  const found = to.findIndex((beat) => name(beat) === wanted && --count === 0);
  return found >= 0 ? found : Math.round((step / (from.length - 1)) * last);
}

/** The first step at which one of these edges has its number; where they lead out of what is drawn, at which the node
 *  sends; the last where none ever has. */
export function stepTelling(beats, edges, node = null) {
  const told = beats.findIndex((beat) => edges.some((id) => id in (beat.contributions ?? {})));
  const lit = told < 0 && edges.length > 0 ? beats.findLastIndex((beat) => (beat.nodes ?? []).includes(node)) : told;
  return lit < 0 ? beats.length - 1 : lit;
}

/**
 * Colour the nodes by the size of what they hold or receive, and draw the edges as wide as what they carry.
 *
 * Sizes are 2-norms on a logarithmic scale, shares stand from 0 to 1. The legend gives the numbers of its ends, and the number of the node
 * that is picked; 0 and what is not finite stand apart, with marks of their own.
 */

import { make } from "./dom.js";
import { connected, shares, streamOf } from "./shares.js";

const MODES = ["none", "gradient", "forward", "share"];
const DECADE = 1; // the least span of the scale: equal sizes must not look far apart
const SHARES = { linear: true }; // the scale of shares: from 0 to 1
const THIN = 1;
const WIDE = 7;

/** The ends of the scale in powers of ten: of the sizes that are finite and not 0; null where there is none. */
export function span(sizes) {
  const powers = sizes.filter((size) => typeof size === "number" && size > 0).map(Math.log10);
  if (!powers.length) return null;
  const high = Math.max(...powers);
  return { low: Math.min(Math.min(...powers), high - DECADE), high };
}

/** Where a size stands on the scale, from 0 to 1; null for 0 and for what is not finite. */
export function warmth(size, scale) {
  if (typeof size !== "number" || size <= 0 || !scale) return null;
  if (scale.linear) return size;
  return (Math.log10(size) - scale.low) / (scale.high - scale.low);
}

/** A size with three digits, as a person writes it. */
export function normText(size) {
  if (typeof size !== "number") return String(size);
  if (size === 0) return "0";
  return size >= 0.001 && size < 100000 ? String(Number(size.toPrecision(3))) : size.toExponential(1);
}

export class Heat {
  constructor(player) {
    this.player = player;
    this.mode = "none";
    this.select = make("select", { class: "vg-speed vg-shade-mode" }, ...MODES.map((value) => make("option", { value })));
    this.select.addEventListener("change", () => this.choose(this.select.value));
    this.low = make("span", {});
    this.high = make("span", {});
    this.mark = make("i", { class: "vg-shade-mark" });
    this.bar = make("span", { class: "vg-shade-bar" }, this.mark);
    this.note = make("span", { class: "vg-shade-note" });
    this.legend = make("span", { class: "vg-shade-legend" }, this.low, this.bar, this.high);
    this.label = make("span", {});
    const choice = make("label", { class: "vg-shade-choice" }, this.label, this.select);
    this.element = make("div", { class: "vg-shade" }, choice, this.legend, this.note);
    this.painted = null;
  }

  name(words) {
    this.words = words;
    this.label.textContent = words["player.colour"] ?? "";
    for (const option of this.select.options) option.textContent = words[`player.colour.${option.value}`] ?? option.value;
  }

  choose(mode) {
    this.mode = mode;
    this.select.value = mode;
    this.paint();
  }

  /** The sizes of nodes and edges at the present step; `leaf` is whose gradient is shared out. */
  sizes() {
    const { view } = this.player.scene;
    const passes = view.heat?.passes ?? [];
    const begun = view.beats.slice(0, this.player.step + 1).filter((beat) => beat.kind === "seed").length;
    const { nodes = {}, edges = {} } = passes[Math.min(Math.max(begun, 1), passes.length) - 1] ?? {};
    if (this.mode === "forward") return { nodes: view.heat?.forward ?? {}, edges };
    if (this.mode !== "share") return { nodes, edges };
    return this.shared(this.leaf(nodes), edges);
  }

  /** The shares of a leaf's gradient in all that is drawn. */
  shared(leaf, sizes) {
    const { scene, groups } = this.player;
    const list = Object.entries(sizes).map(([id, size]) => {
      const [source, target] = scene.ends(id);
      return { id, source, target, size };
    });
    const drawn = list.filter(({ source }) => source);
    const isDrawn = (id) => scene.nodes.has(id);
    const found = shares(leaf, connected(drawn, (id) => groups.isOpen(id), isDrawn));
    const nodes = [...scene.nodes.keys()].map((id) => [id, found.nodes.get(streamOf(id))]);
    return { nodes: Object.fromEntries(nodes.filter(([, share]) => share !== undefined)), edges: Object.fromEntries(found.edges), leaf };
  }

  /** The leaf that is picked, else the first that a gradient reached. */
  leaf(nodes) {
    const { leaves } = this.player.scene;
    return leaves.has(this.player.picked) ? this.player.picked : [...leaves].find((id) => typeof nodes[id] === "number");
  }

  /** Colour the scene that is shown, and write the legend. */
  paint() {
    const { scene } = this.player;
    const isOn = this.mode !== "none";
    this.element.hidden = !(scene.view.heat?.passes ?? []).length;
    this.legend.hidden = this.note.hidden = !isOn;
    scene.svg.classList.toggle("is-heated", isOn);
    if (!isOn) {
      if (this.painted === scene) this.clear(scene);
      return;
    }
    this.painted = scene;
    const { nodes, edges, leaf } = this.sizes();
    const isShare = this.mode === "share";
    const scale = isShare ? SHARES : span(Object.values(nodes));
    const ways = isShare ? SHARES : span(Object.values(edges));
    for (const [id, { group }] of scene.nodes) this.colour(group, nodes[id], warmth(nodes[id], scale));
    for (const [id, { group }] of scene.edges) {
      const share = warmth(edges[id], ways);
      group.style.setProperty("--vg-width", share === null ? THIN : THIN + share * (WIDE - THIN));
    }
    this.write(nodes, scale, leaf);
  }

  colour(group, size, share) {
    const kind = size === undefined ? "unknown" : share !== null ? "some" : size === 0 ? "zero" : "broken";
    group.dataset.heat = kind;
    group.style.setProperty("--vg-shade", `${Math.round((share ?? 0) * 100)}%`);
  }

  clear(scene) {
    for (const { group } of [...scene.nodes.values(), ...scene.edges.values()]) {
      delete group.dataset.heat;
      group.style.removeProperty("--vg-shade");
      group.style.removeProperty("--vg-width");
    }
    this.painted = null;
  }

  /** The numbers: of the ends of the scale, of the node that is picked, of those that stand apart. */
  write(nodes, scale, leaf) {
    const { player, words } = this;
    const title = (id) => player.scene.view.nodes[id]?.title ?? id;
    this.low.textContent = scale ? normText(scale.linear ? 0 : 10 ** scale.low) : "";
    this.high.textContent = scale ? normText(scale.linear ? 1 : 10 ** scale.high) : "";
    const picked = nodes[player.picked];
    const share = warmth(picked, scale);
    this.mark.hidden = share === null;
    this.mark.style.setProperty("--vg-shade", `${(share ?? 0) * 100}%`);
    const values = Object.values(nodes);
    const count = (test) => values.filter(test).length;
    const fill = (key, value) => (words[key] ?? "").replace("{count}", value).replace("{leaf}", value);
    const parts = [
      leaf === undefined ? "" : fill("player.colour.of", title(leaf)),
      picked === undefined ? "" : `${title(player.picked)}: ${normText(picked)}`,
      count((size) => size === 0) ? fill("player.colour.zero", count((size) => size === 0)) : "",
      count((size) => typeof size !== "number") ? fill("player.colour.broken", count((size) => typeof size !== "number")) : "",
    ];
    this.note.textContent = parts.filter(Boolean).join(" · ");
  }
}

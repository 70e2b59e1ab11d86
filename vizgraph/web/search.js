/**
 * Find nodes by name, operation or module: Enter goes to the next hit, opens the groups around it and shows it in the middle.
 */

import { make } from "./dom.js";

const LEAST = 24; // nodes; a smaller drawing is seen at a glance

const NAMING = ["kind", "name", "operation", "expression", "grad_fn", "module"]; // the rows of a card that say what a node is
const OF_LEAVES = "AccumulateGrad"; // the function of every leaf: "mul" is not meant for it

/** Everything that can be found: [id, words in lower case], the drawn nodes and what the index lists. */
export function findable({ nodes, index = [] }, words) {
  const naming = NAMING.map((row) => words[`card.${row}`]);
  const says = ([label, said]) => naming.includes(label) && typeof said === "string" && said !== OF_LEAVES;
  const plain = (card) => [card.title, ...card.rows.filter(says).map(([, said]) => said)];
  const drawn = Object.entries(nodes).map(([id, card]) => [id, plain(card).join(" ").toLowerCase()]);
  const hidden = index.filter(([id]) => !(id in nodes)).map(([id, said]) => [id, said.toLowerCase()]);
  return [...drawn, ...hidden];
}

/** The ids whose words hold every word that was typed. */
export function hits(items, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length ? items.filter(([, text]) => words.every((word) => text.includes(word))).map(([id]) => id) : [];
}

export class Search {
  constructor(player) {
    this.player = player;
    this.field = make("input", { type: "search", class: "vg-search-field", spellcheck: "false" });
    this.count = make("span", { class: "vg-search-count", "aria-live": "polite" });
    this.element = make("div", { class: "vg-search" }, this.field, this.count);
    this.field.addEventListener("input", () => this.find());
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.found = [];
    this.at = -1;
  }

  /** Another drawing is shown. */
  show() {
    const { scene, words } = this.player;
    this.element.hidden = Object.keys(scene.whole.nodes).length + (scene.whole.index ?? []).length < LEAST;
    const name = words["player.search"] ?? "";
    this.field.setAttribute("aria-label", name);
    this.field.placeholder = name;
    if (this.scene !== scene.whole) this.find(); // a group that was opened changes no hits
    this.scene = scene.whole;
  }

  find() {
    this.found = this.element.hidden ? [] : hits(findable(this.player.scene.whole, this.player.words), this.field.value);
    this.at = -1;
    this.say();
  }

  say() {
    const { words } = this.player;
    const typed = this.field.value.trim() !== "";
    const place = (words["player.search_hit"] ?? "").replace("{i}", this.at + 1).replace("{n}", this.found.length);
    this.count.textContent = !typed ? "" : this.found.length ? place : (words["player.search_none"] ?? "");
  }

  /** Keys typed here are no keys of the player, nor of the page around it. */
  key(event) {
    event.stopPropagation();
    if (event.key === "Enter") this.go(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") {
      this.field.value = "";
      this.find();
    }
  }

  async go(by) {
    if (!this.found.length) return;
    this.at = (this.at + by + this.found.length) % this.found.length;
    this.say();
    await this.reach(this.found[this.at]);
    this.field.focus({ preventScroll: true });
  }

  /** Show a node, or where its inside is not at hand, the innermost group around it that can be shown. */
  async reach(id) {
    const { player } = this;
    const shown = await player.groups.reveal(id);
    if (shown === null) return;
    if (!player.groups.has(shown)) player.pick(shown, false);
    player.stage.centre(player.scene.rectangle(shown));
  }
}

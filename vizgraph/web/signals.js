/**
 * Say on the document what the player shows, and hear what the board points at: the two never call each other.
 */

import { idAt } from "./scene.js";

export class Signals {
  constructor(player) {
    this.player = player;
    this.looked = null;
    const { graph } = player;
    for (const name of ["pointerover", "focusin"]) graph.addEventListener(name, ({ target }) => this.look(idAt(target)));
    for (const name of ["pointerleave", "focusout"]) graph.addEventListener(name, () => this.look(player.picked));
    this.heard = {
      "vizgraph:light": (event) => player.scene?.link(this.drawn(event.detail)),
      "vizgraph:hello": () => player.scene && this.beat(),
    };
    for (const [name, act] of Object.entries(this.heard)) document.addEventListener(name, act);
  }

  /** What the board points at, as it is drawn: a closed group for what is in it. */
  drawn(found) {
    return found && { ...found, nodes: (found.nodes ?? []).map((id) => this.player.groups.seen(id)) };
  }

  /** The beat that is shown. */
  beat() {
    const { scene, step } = this.player;
    this.announce("beat", { beat: scene.beats[step] });
  }

  /** What is under the pointer, or focused, in the graph. */
  look(id) {
    if (id === this.looked || !this.player.payload) return;
    this.looked = id;
    this.announce("look", { id });
  }

  announce(name, detail) {
    const { payload, name: view, step } = this.player;
    document.dispatchEvent(new CustomEvent(`vizgraph:${name}`, { detail: { key: payload.key, view, step, ...detail } }));
  }

  destroy() {
    for (const [name, act] of Object.entries(this.heard)) document.removeEventListener(name, act);
  }
}

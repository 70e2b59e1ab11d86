/**
 * Act on the keys of the player.
 */

import { idAt } from "./scene.js";

/** What a key does to the player, where the node or edge `id` has the focus; null for a key that is none of its own. */
export function keyAction(player, key, id = null) {
  const actions = {
    ArrowLeft: () => player.go(player.step - 1),
    ArrowRight: () => player.forward(),
    " ": () => player.toggle(),
    Home: () => player.go(0),
    End: () => player.go(player.scene.last),
    "+": () => player.stage.zoom(1.25),
    "=": () => player.stage.zoom(1.25),
    "-": () => player.stage.zoom(1 / 1.25),
    0: () => player.stage.fit(),
    ...(player.picked !== null && { Escape: () => player.pick(null) }),
    ...(id !== null && { Enter: () => player.pick(id) }),
  };
  return Object.hasOwn(actions, key) ? actions[key] : null;
}

/** Keys of the player. Others stop here too: a bare "r" or "c" would be Streamlit's own shortcut. */
export function onKey(player, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.stopPropagation();
  const { target, key } = event;
  if (target.localName === "select" || (target.localName === "button" && [" ", "Enter"].includes(key))) return;
  const act = keyAction(player, key, idAt(target));
  if (!act) return;
  event.preventDefault();
  act();
}

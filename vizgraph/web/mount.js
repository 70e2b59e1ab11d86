/**
 * Put a player on a page: Streamlit calls the default export (custom component v2), again with every new
 * payload; the stand-alone page calls `mount`.
 */

import { Player } from "./player.js";

const players = new WeakMap();

/** Show `payload` inside `root` (an element or a shadow root). `options`: `projector`, and
 *  `tell(name, value)`, called with "picked", "view" and the settled "step", `onBeat(beat)`, called with
 *  every beat that is shown. Call again for a new payload. */
export function mount(root, payload, options = {}) {
  if (!players.has(root)) players.set(root, new Player(root));
  players.get(root).update(payload, options);
}

/** Take the player off the page. */
export function unmount(root) {
  players.get(root)?.destroy();
  players.delete(root);
}

/** Streamlit's entrance. Streamlit also calls the returned clean-up of a call that a newer one has overtaken:
 *  so the player leaves only when its place on the page is really gone. */
export default function component({ parentElement, data, setStateValue }) {
  mount(parentElement, data, { projector: data?.projector === true, confirms: true, tell: setStateValue });
  return () => setTimeout(() => parentElement.isConnected || unmount(parentElement));
}

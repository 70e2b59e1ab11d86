/**
 * Keep the code apart from what it shows: Streamlit sends a component's script anew with every payload, and the
 * code is four times as large as that. So one component brings the code, once, and the others wait for it.
 */

export const apart = (globalThis[Symbol.for("vizgraph")] ??= awaited());

function awaited() {
  const place = {};
  place.code = new Promise((resolve) => (place.bring = resolve));
  return place;
}

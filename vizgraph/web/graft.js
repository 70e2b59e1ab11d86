/**
 * Take the texts of a newer drawing over into one that shows the same things.
 */

const isSameIn = (one, other, name) => one.getAttribute(name) === other.getAttribute(name);

/** Whether two drawings show the same things in the same order, whatever their texts and places. */
export function isAlike(one, other) {
  const names = ["data-node", "data-edge", "data-seed", "data-entry", "data-role"];
  return (
    one.localName === other.localName &&
    names.every((name) => isSameIn(one, other, name)) &&
    one.children.length === other.children.length &&
    [...one.children].every((child, i) => isAlike(child, other.children[i]))
  );
}

/** Take over the texts of a drawing that is alike, but for those that the player fills. */
export function graft(one, other) {
  if (one.hasAttribute("data-role")) return;
  if (other.hasAttribute("aria-label")) one.setAttribute("aria-label", other.getAttribute("aria-label"));
  if (one.localName === "text" && one.textContent !== other.textContent) {
    one.replaceChildren(...[...other.childNodes].map((child) => child.cloneNode(true)));
  }
  [...one.children].forEach((child, i) => one.localName !== "text" && graft(child, other.children[i]));
}

/**
 * Make elements: attributes by name, texts as text. Nothing here reads HTML.
 */

export const SVG = "http://www.w3.org/2000/svg";
const XHTML = "http://www.w3.org/1999/xhtml";

/** A new element: attributes by name, `text` as text, the rest is put inside. */
export function make(tag, { text, ...attributes } = {}, ...inside) {
  const element = document.createElementNS(XHTML, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  element.append(...inside);
  return element;
}

/** The same in a drawing. */
export function makeSvg(tag, attributes = {}, ...inside) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

/** Write a text where another one stands, into the node that is there; tells whether it differed. */
export function setText(element, words) {
  const [node] = element.childNodes;
  const alone = element.childNodes.length === 1 && node.nodeType === Node.TEXT_NODE;
  if (alone ? node.data === words : element.textContent === words) return false;
  if (alone && words !== "") node.data = words;
  else element.textContent = words;
  return true;
}

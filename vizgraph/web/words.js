/**
 * Fill the words of a language, and keep room for the longest.
 */

/** The template with each `{name}` replaced by its value. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The longest of the texts: a line reserves room for it, so that nothing jumps. */
export function longest(texts) {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), "");
}

/** A formula that lists equations breaks between them, and not inside of those that fit into a line of so many characters. */
export function unbroken(formula, most) {
  const parts = formula.split(/(?<=,) (?=\S+ = )/);
  if (parts.length === 1) return formula;
  return parts.map((part) => (part.length <= most ? part.replaceAll(" ", "\u00a0") : part)).join(" ");
}

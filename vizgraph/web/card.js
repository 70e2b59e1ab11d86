/**
 * Show the card of what is picked, as it stands at a step.
 */

import { make } from "./dom.js";
import { iconButton, nameButton } from "./icons.js";

/** Rows of a card as [label, text] at `step`. A text that changes is a list of [from step, text or null]. */
export function cardRows(rows, step, notYet) {
  return rows.map(([label, text]) => {
    if (!Array.isArray(text)) return [label, text];
    const heard = text.filter(([from]) => from <= step);
    return [label, heard.length ? (heard[heard.length - 1][1] ?? notYet) : notYet];
  });
}

export class Card {
  constructor(onClose) {
    this.title = make("h3", { class: "vg-card-title" });
    this.close = iconButton("close", "");
    this.close.addEventListener("click", onClose);
    this.rows = make("dl", { class: "vg-card-rows" });
    const head = make("header", { class: "vg-card-head" }, this.title, this.close);
    this.element = make("aside", { class: "vg-card" }, head, this.rows);
    this.element.hidden = true;
  }

  name(words) {
    this.element.setAttribute("aria-label", words["player.card"]);
    nameButton(this.close, words["player.close"]);
  }

  /** Show a card of the payload at a step, or nothing. */
  show(card, step, notYet) {
    this.element.hidden = !card;
    if (!card) return;
    this.title.textContent = card.title;
    const rows = cardRows(card.rows, step, notYet).flatMap(([label, text]) => [
      make("dt", { text: label }),
      make("dd", { text, ...(text === notYet ? { class: "is-waiting" } : {}) }),
    ]);
    this.rows.replaceChildren(...rows);
  }
}

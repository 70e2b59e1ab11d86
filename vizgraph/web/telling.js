/**
 * Tell the beat that is shown: its sentence and its formula, in lines with room for the longest.
 */

import { make, setText } from "./dom.js";
import { longest } from "./words.js";

export class Telling {
  constructor() {
    this.sentence = make("span", { role: "status" });
    this.formula = make("span", {});
    this.sentenceLine = make("p", { class: "vg-sentence" }, this.sentence);
    this.formulaLine = make("p", { class: "vg-formula" }, this.formula);
    this.element = make("div", { class: "vg-words" }, this.sentenceLine, this.formulaLine);
  }

  /** Keep room for all that these beats say, so that nothing jumps. */
  measure(beats) {
    this.sentenceLine.dataset.room = longest(beats.map((beat) => beat.sentence));
    this.formulaLine.dataset.room = longest(beats.map((beat) => beat.formula));
    this.formulaLine.style.setProperty("--player-room", this.formulaLine.dataset.room.length);
  }

  tell({ sentence, formula }) {
    setText(this.sentence, sentence);
    if (setText(this.formula, formula)) this.formula.style.setProperty("--player-characters", formula.length);
  }
}

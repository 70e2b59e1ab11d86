/**
 * Tell the beat that is shown: its sentence and its formula, in lines with room for the longest.
 */

import { make, setText } from "./dom.js";
import { longest, unbroken } from "./words.js";

const GLYPH = 0.62; // width of a character, in its height

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
    this.most = 0;
    this.sentenceLine.dataset.room = longest(beats.map((beat) => beat.sentence));
    this.formulaLine.dataset.room = unbroken(longest(beats.map((beat) => beat.formula)), this.line());
    this.formulaLine.style.setProperty("--player-room", this.formulaLine.dataset.room.length);
  }

  /** How many characters of a formula in its smallest size stand on a line; asked once for a picture. */
  line() {
    this.most ||= Math.floor(this.formulaLine.clientWidth / (1.05 * GLYPH * parseFloat(getComputedStyle(this.formulaLine).fontSize)));
    return this.most;
  }

  tell({ sentence, formula }) {
    setText(this.sentence, sentence);
    if (setText(this.formula, unbroken(formula, this.line()))) this.formula.style.setProperty("--player-characters", formula.length);
  }
}

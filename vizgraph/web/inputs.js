/**
 * Drag the values of inputs where they stand in the graph: Python computes anew at every place where the hand rests.
 */

import { show } from "./numbers.js";
import { PIXELS, stepOf, stepped } from "./vector.js";

const RESTED = 25; // ms without a move, after which Python hears of the value
const REACH = { x: 10, y: 5 }; // px around a value that belong to it
const NODE_WIDTH = 24; // characters of a value on a node, as Python writes it

/** Which entry of `[0, 1, 2]` the character number `place` belongs to. */
export function entryAt(text, place) {
  return (text.slice(0, Math.max(place, 0)).match(/,/g) ?? []).length;
}

export class Inputs {
  /** `player` gives: graph, scene, payload, confirms, tell(name, value), halt(), pick(id). */
  constructor(player) {
    this.player = player;
    this.drag = null;
    const capture = { capture: true };
    player.graph.addEventListener("pointerdown", (event) => this.press(event), capture);
    player.graph.addEventListener("pointermove", (event) => this.pull(event), capture);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      player.graph.addEventListener(end, (event) => this.release(event), capture);
    }
  }

  /** Say which values can be dragged; one under the hand stays what the hand made it. */
  show() {
    const { scene, payload, confirms } = this.player;
    for (const [id, { group }] of scene.nodes) {
      const text = group.querySelector(".vg-value");
      const input = payload.inputs?.[id];
      text?.classList.toggle("can-drag", confirms && Boolean(input) && text.textContent === this.text(input));
    }
    if (this.drag?.moved) this.write();
  }

  text({ shape, entries }) {
    return show({ shape, entries }, NODE_WIDTH, this.player.words ?? {});
  }

  press(event) {
    const group = event.target.closest?.("[data-node]");
    const text = group?.querySelector(".vg-value.can-drag");
    if (!text || event.button !== 0 || this.drag || !isNear(text, event)) return;
    event.stopPropagation();
    this.player.halt();
    const id = group.getAttribute("data-node");
    const input = this.player.payload.inputs[id];
    const index = Math.min(entryAt(text.textContent, characterAt(text, event)), input.entries.length - 1);
    const number = input.entries[index];
    this.drag = { id, input, index, text, number, step: stepOf(number), pointer: event.pointerId, x: event.clientX };
    this.drag.entries = [...input.entries];
    group.setPointerCapture(event.pointerId);
    text.classList.add("is-held");
  }

  pull(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    event.stopPropagation();
    const { x, number, step, index, entries } = this.drag;
    const steps = Math.round((event.clientX - x) / PIXELS);
    const next = steps ? stepped(number, steps, step) : number;
    if (next === entries[index]) return;
    entries[index] = next;
    this.drag.moved = this.drag.waits = true;
    this.write();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.send(), RESTED);
  }

  write() {
    const { text, input, entries } = this.drag;
    const words = this.text({ shape: input.shape, entries });
    if (text.textContent !== words) text.textContent = words;
  }

  send() {
    clearTimeout(this.resting);
    if (!this.drag?.waits) return;
    this.drag.waits = false;
    const { input, entries } = this.drag;
    const told = { key: this.player.payload.key, number: Date.now(), name: input.name, entries: [...entries] };
    // what the program writes out itself is changed where it stands
    if (input.line === undefined) this.player.tell("value", told);
    else this.player.tell("code", { ...told, line: input.line, shape: input.shape });
  }

  release(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    event.stopPropagation();
    this.send();
    const { id, text, moved } = this.drag;
    this.drag = null;
    text.classList.remove("is-held");
    if (!moved && event.type === "pointerup") this.player.pick(id);
  }

  destroy() {
    clearTimeout(this.resting);
  }
}

function isNear(text, { clientX, clientY }) {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  const isBeside = clientX > left - REACH.x && clientX < right + REACH.x;
  return isBeside && clientY > top - REACH.y && clientY < bottom + REACH.y;
}

/** The character of an SVG text under the pointer, the last one beyond its end. */
function characterAt(text, { clientX }) {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  const inside = new DOMPoint(Math.min(Math.max(clientX, left + 1), right - 1), (top + bottom) / 2);
  return text.getCharNumAtPosition(inside.matrixTransform(text.getScreenCTM().inverse()));
}

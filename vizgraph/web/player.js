/**
 * Play a payload: draw the graph of one program and step through its backward pass.
 *
 * The payload's contract is in docs/ARCHITECTURE.md. Everything in it is data: texts become text nodes, and
 * the SVG is rebuilt from an allow-list. What is shown is a pure function of payload and step. The
 * player holds its parts together: a scene for each view, the stage on which one stands, what is told
 * below it, the controls, and what plays the steps in time.
 */

import { clamp } from "./between.js";
import { Card } from "./card.js";
import { Controls } from "./controls.js";
import { make } from "./dom.js";
import { FindingList } from "./findings.js";
import { sameMoment, stateAt, stepTelling } from "./fold.js";
import { Groups } from "./groups.js";
import { Heat } from "./heat.js";
import { Inputs } from "./inputs.js";
import { onKey } from "./keys.js";
import { MiniMap } from "./minimap.js";
import { isStill } from "./pace.js";
import { Playback } from "./playback.js";
import { together } from "./port.js";
import { Scene } from "./scene.js";
import { Search } from "./search.js";
import { Signals } from "./signals.js";
import { Stage } from "./stage.js";
import { Telling } from "./telling.js";
import { Theme } from "./theme.js";
import { Vector } from "./vector.js";

export class Player {
  constructor(parent) {
    this.payload = null;
    this.scenes = new Map(); // one for each view, by its name
    this.name = "math";
    this.step = 0;
    this.picked = null;
    this.tell = () => {};
    this.onBeat = () => {};
    this.build();
    parent.append(this.root);
    this.theme = new Theme(this.root);
    this.stage = new Stage(this.graph, (id) => this.pick(id));
    this.stage.onPlace = () => this.map.look();
    this.stage.onResize = () => this.lookAt(false, false, this.picked);
  }

  /** The parts, in the order in which they stand on the page. */
  build() {
    this.graph = make("div", { class: "vg-graph", tabindex: "0", role: "group" });
    this.signals = new Signals(this);
    this.card = new Card(() => this.pick(null));
    this.telling = new Telling();
    this.vector = new Vector(this);
    this.findings = new FindingList(this);
    this.heat = new Heat(this);
    this.groups = new Groups(this);
    this.inputs = new Inputs(this);
    this.search = new Search(this);
    this.map = new MiniMap(this);
    this.controls = new Controls(this, this.vector.tools.button, [this.heat.element, this.search.element]);
    this.playback = new Playback(this);
    this.root = make(
      "div",
      { class: "vg-player", "data-vizgraph-player": "", tabindex: "-1", role: "region" },
      make(
        "div",
        { class: "vg-screen" }, // what is seen at once
        make("div", { class: "vg-stage" }, this.graph, this.map.element, this.card.element),
        this.telling.element,
        this.groups.note,
        this.vector.bar,
        this.controls.element,
      ),
      this.vector.tools.panel,
      this.findings.element,
    );
    this.root.hidden = true;
    this.root.addEventListener("keydown", (event) => onKey(this, event));
  }

  /** Write the words of the payload's language on everything. */
  label(words) {
    this.words = words;
    this.root.setAttribute("aria-label", words["player.player"]);
    this.graph.setAttribute("aria-label", words["player.graph"]);
    this.graph.title = "";
    for (const part of [this.controls, this.card]) part.name(words);
    this.vector.label(words);
    this.heat.name(words);
  }

  // --- the payload

  /** Take a new payload: the picture is replaced; the step stays where the program is the same. */
  update(payload, { projector = false, confirms = false, tell = () => {}, onBeat = () => {} } = {}) {
    this.tell = tell;
    this.confirms = confirms;
    this.onBeat = onBeat;
    if (!payload?.views) return; // nothing new: the last good picture stays
    const before = this.payload;
    const same = before !== null && payload.key !== undefined && payload.key === before.key;
    this.vector.receive(payload, same);
    const moved = this.root.classList.toggle("is-projector", projector) !== this.stage.projector;
    this.payload = payload;
    this.root.hidden = false;
    this.root.lang = payload.language ?? "en";
    this.theme.dress();
    this.label(payload.words ?? {});
    this.findings.show(payload);
    const open = same ? this.groups.state : null;
    if (!same) this.restart(payload);
    else if (payload.view !== before.view) this.name = this.viewNamed(payload.view);
    const drawn = this.draw(payload, same);
    if (drawn && open) this.step = open.top;
    if (!same || drawn || moved) this.enter(same && !moved);
    else this.repaint();
    this.inputs.show();
    if (drawn && open) this.groups.restore(open);
    this.groups.receive(payload);
  }

  restart(payload) {
    this.groups.forget();
    this.name = this.viewNamed(payload.view);
    this.step = payload.step ?? 0;
    this.playback.told = null;
    this.picked = null;
  }

  viewNamed(name) {
    return name in this.payload.views ? name : Object.keys(this.payload.views)[0];
  }

  /** Make a scene of every view; one whose drawing and beats are the same is kept. Tells if the shown one is new. */
  draw(payload, isSame) {
    const before = this.scene;
    for (const [name, view] of Object.entries(payload.views)) {
      const old = this.scenes.get(name);
      const isKept = old?.refill(view) || (isSame && old?.adopt(view));
      if (!isKept) this.scenes.set(name, new Scene(view));
      this.vector.attach(this.scenes.get(name));
    }
    for (const name of this.scenes.keys()) if (!(name in payload.views)) this.scenes.delete(name);
    this.scene = this.scenes.get(this.name);
    return this.scene !== before;
  }

  /** Put the scene on the stage at the present step. */
  enter(keep) {
    this.pause();
    this.playback.stopMove();
    this.stage.show(this.scene, this.root.classList.contains("is-projector"), keep);
    this.root.dataset.view = this.name;
    this.controls.press(this.name, this.scenes);
    this.resume();
  }

  /** A group was opened or closed: go on at the same moment, with the group in sight. */
  regroup(id) {
    this.pause();
    this.stage.place(this.stage.port);
    this.resume();
    this.stage.follow(this.groups.entrance(id), false);
    this.scene.nodes.get(id)?.group.focus({ preventScroll: true });
  }

  /** The beats are others: make room for them, and stand at the present step. */
  resume() {
    const { beats, last } = this.scene;
    this.search.show();
    this.groups.seal();
    this.map.draw();
    this.root.dataset.steps = String(last);
    this.controls.measure(last);
    this.telling.measure(beats);
    this.render(clamp(this.step, 0, last));
    this.pick(this.picked, false);
  }

  switchView(name) {
    if (name === this.name || !this.scenes.has(name)) return;
    const from = this.scene.beats;
    this.name = name;
    this.scene = this.scenes.get(name);
    this.step = sameMoment(from, this.step, this.scene.beats);
    this.enter(false);
    this.inputs.show();
    this.tell("view", name);
    this.playback.settle();
  }

  // --- the step

  /** Show a step, as a pure function of payload and step: where the picture was before does not matter. */
  render(step) {
    this.playback.stopMove();
    this.present(step);
    this.scene.show(stateAt(this.scene.beats, step, this.scene.leaves));
    this.lookAt(false);
  }

  /** Words, slider and card of a step; the drawing itself follows at once or with a move. */
  present(step) {
    const { beats, last } = this.scene;
    this.step = step;
    this.root.dataset.step = String(step);
    this.groups.hush();
    this.playback.setMoving(false);
    this.controls.show(step, last);
    this.telling.tell(beats[step]);
    this.findings.leave();
    this.showCard();
    this.vector.show();
    this.onBeat(beats[step]);
    this.signals.beat();
  }

  /** Write the texts of the present step anew, because the numbers in them are others now. */
  repaint() {
    const { beats, leaves } = this.scene;
    this.telling.tell(beats[this.step]);
    if (!this.playback.isMoving) this.scene.show(stateAt(beats, this.step, leaves));
    this.showCard();
    this.vector.show();
  }

  /** Light a part of the drawing, with its numbers known, until another step is shown. */
  point(nodes, edges, line = null) {
    const { beats, leaves } = this.scene;
    this.go(stepTelling(beats, edges, nodes[0]));
    edges = edges.filter((id) => this.scene.edges.has(id)); // in a large graph one may lead to another level
    const state = stateAt(beats, this.step, leaves);
    this.scene.show({ ...state, nodes: new Set(nodes), edges: new Set(edges), dims: true });
    this.pick(nodes[0] ?? edges[0] ?? null, false);
    const lit = [...nodes, ...edges.flatMap((id) => this.scene.ends(id))].map((id) => this.scene.rectangle(id));
    this.stage.follow(together(lit.filter(Boolean), this.room()), !isStill());
    this.onBeat({ line });
  }

  /** Follow the lit part. Where it is too big for the page, first where the numbers come from, then where they go,
   *  with as much of the rest as there is room for. What is `picked` counts more. */
  lookAt(smooth, arrived = false, picked = null) {
    if (this.scene.nodes.has(picked)) return this.stage.follow(this.scene.around([picked]), smooth);
    const { beats, last } = this.scene;
    const beat = beats[this.step === 0 ? Math.min(1, last) : this.step]; // at the start, where it will begin
    const part = together(this.scene.parts(beat, arrived || !smooth), this.room());
    if (!part) return;
    this.stage.follow(part, smooth);
    this.map.look();
  }

  /** How much of the drawing is in sight at once, in its own units. */
  room() {
    const { scale } = this.stage.port;
    const { width, height } = this.stage.box;
    return { width: (width - 48) / scale, height: (height - 48) / scale };
  }

  // --- time

  /** Cut to a step. */
  go(step) {
    this.pause();
    this.render(clamp(step, 0, this.scene.last));
    this.playback.settle();
  }

  /** One step on, with its move. */
  forward() {
    this.playback.forward();
  }

  toggle() {
    const { tools } = this.vector;
    if (tools.sweeping) tools.stop();
    else this.playback.toggle();
  }

  /** Play on to a step, without time to read; `done` is called there, never after a pause. */
  playTo(step, done) {
    this.playback.playTo(step, done);
  }

  /** Stop after the move under way. */
  pause() {
    this.playback.pause();
  }

  /** Stop where the picture is: what moves has arrived. */
  halt() {
    this.playback.halt();
  }

  // --- the card

  /** Pick a node or edge; picking it again, or nothing, closes the card. */
  pick(id, toggles = true) {
    if (toggles && this.groups.has(id)) return void this.groups.toggle(id);
    const next = toggles && id === this.picked ? null : id;
    const known = next !== null && (next in this.scene.view.nodes || next in this.scene.view.edges) ? next : null;
    const changed = known !== this.picked;
    this.picked = known;
    for (const scene of this.scenes.values()) scene.pick(known);
    this.showCard();
    if (changed) this.signals.look(known);
    if (changed && toggles) this.tell("picked", known);
  }

  showCard() {
    const { follower, view } = this.scene;
    const card = this.picked === null ? null : follower.card(this.picked in view.nodes ? "nodes" : "edges", this.picked);
    this.card.show(card ?? null, this.step, this.words["card.not_yet"] ?? "–");
    this.heat.paint();
  }

  destroy() {
    for (const part of [this.playback, this.stage, this.vector, this.inputs, this.theme, this.signals]) part.destroy();
    this.root.remove();
  }
}

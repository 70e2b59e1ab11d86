/**
 * Offer the steps, the speed, the views and the zoom as buttons, a slider and a list.
 */

import { make } from "./dom.js";
import { iconButton, nameButton, redraw } from "./icons.js";
import { fill } from "./words.js";

const SPEEDS = [0.5, 1, 2];

export class Controls {
  /** `player` gives: scene, go(step), toggle(), forward(), switchView(name), stage; `more` is one further button,
   *  `rest` what stands behind the buttons. */
  constructor(player, more, rest) {
    this.player = player;
    this.speed = 1;
    this.isPlaying = false;
    this.buttons = {};
    const transport = this.group("transport", {
      first: () => player.go(0),
      previous: () => player.go(player.step - 1),
      play: () => player.toggle(),
      next: () => player.forward(),
      last: () => player.go(player.scene.last),
    });
    const steps = this.buildSlider();
    const speeds = this.buildSpeed();
    const views = this.buildViews();
    const tools = this.group("tools", {
      zoom_out: () => player.stage.zoom(1 / 1.25),
      zoom_in: () => player.stage.zoom(1.25),
      fit: () => player.stage.fit(),
    });
    this.element = make("div", { class: "vg-controls" }, transport, steps, speeds, views, more, tools, ...rest);
  }

  group(kind, actions) {
    const buttons = Object.entries(actions).map(([icon, act]) => {
      this.buttons[icon] = iconButton(icon, "");
      this.buttons[icon].addEventListener("click", act);
      return this.buttons[icon];
    });
    return make("div", { class: `vg-group vg-${kind}`, role: "group" }, ...buttons);
  }

  buildSlider() {
    this.slider = make("input", { type: "range", min: "0", max: "0", step: "1", value: "0", class: "vg-slider" });
    this.slider.addEventListener("input", () => this.player.go(Number(this.slider.value)));
    this.counter = make("span", { class: "vg-counter", "aria-hidden": "true" });
    return make("div", { class: "vg-group vg-steps" }, this.slider, this.counter);
  }

  buildSpeed() {
    const options = SPEEDS.map((speed) => make("option", { value: speed, text: `${speed}×` }));
    this.speeds = make("select", { class: "vg-speed" }, ...options);
    this.speeds.value = "1";
    this.speeds.addEventListener("change", () => (this.speed = Number(this.speeds.value)));
    return this.speeds;
  }

  buildViews() {
    this.switches = ["math", "engine"].map((name) => {
      const button = make("button", { type: "button", class: "vg-switch", "data-name": name });
      button.addEventListener("click", () => this.player.switchView(name));
      return button;
    });
    this.views = make("div", { class: "vg-group vg-views", role: "group" }, ...this.switches);
    return this.views;
  }

  /** Write the words of the payload's language on everything. */
  name(words) {
    this.words = words;
    this.slider.setAttribute("aria-label", words["player.step"]);
    this.speeds.setAttribute("aria-label", words["player.speed"]);
    this.views.setAttribute("aria-label", words["player.view"]);
    for (const [icon, button] of Object.entries(this.buttons)) {
      nameButton(button, words[`player.${icon === "play" && this.isPlaying ? "pause" : icon}`]);
    }
    for (const button of this.switches) button.textContent = words[`player.${button.dataset.name}_view`];
  }

  /** Say which view is shown, of those that there are. */
  press(view, scenes) {
    for (const button of this.switches) {
      button.setAttribute("aria-pressed", String(button.dataset.name === view));
      button.hidden = !scenes.has(button.dataset.name);
    }
  }

  /** Make room for that many steps. */
  measure(last) {
    this.slider.max = String(last);
    this.counter.style.minWidth = `${this.count(last, last).length}ch`;
  }

  /** Stand at a step. */
  show(step, last) {
    const counter = this.count(step, last);
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", counter);
    this.slider.style.setProperty("--player-share", String(last ? step / last : 0));
    this.counter.textContent = counter;
    // aria-disabled: a disabled button would swallow the keys of whoever has just pressed it
    for (const icon of ["first", "previous"]) this.buttons[icon].setAttribute("aria-disabled", String(step === 0));
    for (const icon of ["next", "last"]) this.buttons[icon].setAttribute("aria-disabled", String(step === last));
  }

  count(step, last) {
    return fill(this.words["player.step_of"] ?? "", { i: step, n: last });
  }

  /** Offer to play, or to pause. */
  setPlaying(isPlaying) {
    this.isPlaying = isPlaying;
    const icon = isPlaying ? "pause" : "play";
    nameButton(this.buttons.play, this.words?.[`player.${icon}`] ?? "");
    redraw(this.buttons.play, icon);
  }
}

/**
 * Play the steps in time: let the numbers of one move, leave time to read, go on.
 */

import { stateAt, stateBefore } from "./fold.js";
import { isStill, moveTime, readTime } from "./pace.js";
import { travel } from "./travel.js";

const SWEEP = 380; // ms of a move while the Jacobian is built row by row
const SETTLED = 300; // ms without a change, after which Python hears of the step

export class Playback {
  /** `player` gives: scene, step, root, controls, vector, present(step), render(step), lookAt(…), tell(name, value). */
  constructor(player) {
    this.player = player;
    this.playing = false;
    this.goal = null; // where to stop, and whom to call there
    this.told = null; // the step that Python knows
    this.stopMove = () => {};
  }

  get isMoving() {
    return this.player.root.dataset.moving === "true";
  }

  setMoving(isMoving) {
    this.player.root.dataset.moving = String(isMoving);
  }

  /** One step on, with its move. */
  forward() {
    if (this.player.step >= this.player.scene.last) return;
    this.pause();
    this.advance(() => this.settle());
  }

  /** Animate the step after this one; `done` is called when its numbers have arrived. */
  advance(done) {
    const { player } = this;
    const { scene } = player;
    const { beats, leaves } = scene;
    this.stopMove();
    const step = player.step + 1;
    const beat = beats[step];
    const end = stateAt(beats, step, leaves);
    const still = isStill();
    player.present(step);
    player.lookAt(!still);
    const arrive = () => {
      this.setMoving(false);
      this.stopMove = () => {};
      player.scene.show(end, !still);
      player.lookAt(!still, true);
      done();
    };
    if (still || !beat.moves?.length) return arrive();
    scene.show(stateBefore(beats, step, leaves));
    this.setMoving(true);
    const { speed } = player.controls;
    const stop = travel(scene, beat, this.goal ? SWEEP / speed : moveTime(speed), arrive);
    this.stopMove = () => {
      stop();
      this.setMoving(false);
      this.stopMove = () => {};
    };
  }

  toggle() {
    if (this.playing) {
      this.pause();
      this.settle();
    } else this.play();
  }

  play() {
    this.setPlaying(true);
    if (this.player.step >= this.player.scene.last) {
      this.player.render(0);
      this.rest();
    } else this.keepOn();
  }

  /** Play on to a step, without time to read; `done` is called there, never after a pause. */
  playTo(step, done) {
    this.setPlaying(true);
    this.goal = { step, done };
    this.keepOn();
  }

  keepOn() {
    this.advance(() => {
      const { step, scene } = this.player;
      if (!this.playing) return this.settle();
      if (this.goal && step >= this.goal.step) return this.reach();
      if (this.goal) return this.keepOn();
      if (step < scene.last) return this.rest();
      this.pause();
      this.settle();
    });
  }

  reach() {
    const { done } = this.goal;
    this.goal = null;
    this.resting = setTimeout(done, isStill() ? 400 : 0);
  }

  /** Time to read, then the next step. */
  rest() {
    const { scene, step, controls } = this.player;
    this.resting = setTimeout(() => this.keepOn(), readTime(scene.beats[step].sentence, controls.speed));
  }

  /** Stop after the move under way. */
  pause() {
    clearTimeout(this.resting);
    this.goal = null;
    this.player.vector.tools.abandon();
    this.setPlaying(false);
  }

  /** Stop where the picture is: what moves has arrived. */
  halt() {
    const { isMoving } = this;
    this.pause();
    if (isMoving) this.player.render(this.player.step);
  }

  setPlaying(playing) {
    this.playing = playing;
    clearTimeout(this.settling);
    this.player.root.dataset.playing = String(playing);
    this.player.controls.setPlaying(playing);
  }

  /** Tell Python the step once it has not changed for a while; never while playing. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const { step } = this.player;
      if (this.playing || this.told === step) return;
      this.told = step;
      this.player.tell("step", step);
    }, SETTLED);
  }

  destroy() {
    this.pause();
    this.stopMove();
    clearTimeout(this.settling);
  }
}

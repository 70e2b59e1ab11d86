/**
 * Show a scene in its part of the page: zoom, pan, and bring a part into sight.
 */

import { blend, ease } from "./between.js";
import { make, makeSvg } from "./dom.js";
import { isStill, tween } from "./pace.js";
import { beyond, centred, fitScale, follow, homePort, inSight, settle, wheelFactor, zoomAt } from "./port.js";
import { idAt } from "./scene.js";

const LARGE = 200; // drawings with more nodes and edges fade nothing in or out

export class Stage {
  constructor(element, onPick) {
    this.element = element;
    this.onPick = onPick;
    this.scene = null;
    this.port = { x: 0, y: 0, scale: 1 };
    this.isHome = true; // as `home` placed it: a new size of the page may place it again
    this.projector = false;
    this.smallest = 12;
    // Numbers travel on a sheet of their own, so that the drawing below is not painted again for every frame.
    this.overlay = makeSvg("g");
    this.sheet = make("div", { class: "vg-overlay" }, makeSvg("svg", { "aria-hidden": "true" }, this.overlay));
    this.pointers = new Map();
    this.stopPan = () => {};
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(element);
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    element.addEventListener("pointerdown", (event) => this.press(event));
    element.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, (event) => this.release(event));
    element.addEventListener("dblclick", () => this.fit());
    element.addEventListener("focusin", (event) => this.reach(event.target));
  }

  get box() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  get drawing() {
    return this.scene.view;
  }

  /** Put another scene on the stage; `keep` leaves zoom and place as they are. */
  show(scene, projector, keep) {
    this.scene = scene;
    this.overlay.replaceChildren();
    scene.overlay = this.overlay;
    this.element.replaceChildren(scene.svg, this.sheet);
    this.element.classList.toggle("is-large", scene.nodes.size + scene.edges.size > LARGE);
    this.smallest = scene.smallestFont();
    if (keep && projector === this.projector) this.place(this.port);
    else this.home(projector);
  }

  destroy() {
    this.observer.disconnect();
    this.stopPan();
  }

  resize() {
    if (!this.scene || !this.box.width) return;
    if (this.isHome) this.home(this.projector);
    else this.place(inSight(this.port, this.drawing, this.box));
    this.onResize?.();
  }

  /** Fit, within what can be read. */
  home(projector) {
    this.stopPan();
    this.projector = projector;
    this.place(homePort(this.drawing, this.box, this.smallest, projector));
    this.isHome = true;
  }

  /** The button and the double click: home, and from home (if that hides a part) all of the drawing. */
  fit() {
    const whole = fitScale(this.drawing, this.box);
    if (!this.isHome || whole >= this.port.scale) this.home(this.projector);
    else this.place(settle({ ...this.port, scale: whole }, this.drawing, this.box));
    this.isHome = this.port.scale !== whole;
  }

  zoom(factor, x = this.box.width / 2, y = this.box.height / 2) {
    this.stopPan();
    const limits = [Math.min(fitScale(this.drawing, this.box), this.port.scale, 0.5), Math.max(6, this.port.scale)];
    const port = zoomAt(this.port, factor, x, y, limits);
    if (port.scale === this.port.scale) return false;
    this.place(inSight(port, this.drawing, this.box));
    this.isHome = false;
    return true;
  }

  /** Bring what the Tab key reached into sight. */
  reach(target) {
    const id = target.matches(":focus-visible") ? idAt(target) : null;
    if (id !== null) this.follow(this.scene.around(this.scene.nodes.has(id) ? [id] : this.scene.ends(id)), !isStill());
  }

  /** Bring a part of the drawing into sight. */
  follow(part, smooth) {
    if (!part || !this.box.width) return;
    const goal = follow(this.port, part, this.drawing, this.box);
    this.stopPan();
    if (goal === this.port) return;
    if (!smooth) return this.place(goal);
    const from = this.port;
    this.stopPan = tween(350, (t) => {
      const share = ease(t);
      this.place({ scale: goal.scale, x: blend(from.x, goal.x, share), y: blend(from.y, goal.y, share) });
    });
  }

  /** Put a part of the drawing in the middle. */
  centre(part) {
    if (!part || !this.box.width) return;
    this.stopPan();
    this.place(inSight(centred(this.port, part, this.box), this.drawing, this.box));
    this.isHome = false;
  }

  /** A pan moves the whole picture as one layer; only a zoom draws it anew. */
  place(port) {
    const { svg, view } = this.scene;
    if (svg.getAttribute("data-scale") !== String(port.scale)) {
      svg.setAttribute("data-scale", port.scale);
      svg.setAttribute("width", view.width * port.scale);
      svg.setAttribute("height", view.height * port.scale);
    }
    svg.style.transform = `translate(${port.x}px, ${port.y}px)`;
    this.overlay.setAttribute("transform", `translate(${port.x} ${port.y}) scale(${port.scale})`);
    this.port = port;
    this.hint();
    this.onPlace?.();
  }

  /** Say at which sides the drawing goes on. */
  hint() {
    const sides = beyond(this.port, this.drawing, this.box).join(" ");
    if (this.element.dataset.more !== sides) this.element.dataset.more = sides;
  }

  /** Ctrl or a pinch zooms; the bare wheel does once the graph was clicked, so that a page can be scrolled past it. */
  wheel(event) {
    const focused = this.element.contains(this.element.getRootNode().activeElement);
    if (!this.scene || !(event.ctrlKey || event.metaKey || focused)) return;
    const { left, top } = this.element.getBoundingClientRect();
    const zoomed = this.zoom(wheelFactor(event), event.clientX - left, event.clientY - top);
    if (zoomed || event.ctrlKey) event.preventDefault();
  }

  press(event) {
    if (event.button !== 0) return;
    this.stopPan();
    this.pointers.set(event.pointerId, event);
    this.start = { event, port: this.port, dragged: this.pointers.size > 1 };
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.scene) return;
    if (this.pointers.size === 2) this.pinch(event);
    else this.pull(event);
    this.pointers.set(event.pointerId, event);
  }

  pull(event) {
    const dx = event.clientX - this.start.event.clientX;
    const dy = event.clientY - this.start.event.clientY;
    if (!this.start.dragged && Math.hypot(dx, dy) < 4) return;
    if (!this.start.dragged) this.element.setPointerCapture(event.pointerId);
    this.start.dragged = true;
    this.element.classList.add("is-dragged");
    const port = { ...this.start.port, x: this.start.port.x + dx, y: this.start.port.y + dy };
    this.place(inSight(port, this.drawing, this.box));
    this.isHome = false;
  }

  pinch(event) {
    const [one, other] = [...this.pointers.values()];
    const fixed = one.pointerId === event.pointerId ? other : one;
    const moved = fixed === one ? other : one;
    const span = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const { left, top } = this.element.getBoundingClientRect();
    this.zoom(span(fixed, event) / (span(fixed, moved) || 1), fixed.clientX - left, fixed.clientY - top);
  }

  release(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    this.element.classList.remove("is-dragged");
    const clicked = event.type === "pointerup" && !this.start.dragged && !this.pointers.size;
    this.start = { event, port: this.port, dragged: this.pointers.size > 0 };
    if (clicked && this.scene) this.onPick(idAt(event.target));
  }
}

/**
 * Choose light or dark.
 */

/** How light a CSS colour `rgb(r, g, b)` is, from 0 to 1; null for any other text. */
export function lightness(colour) {
  const match = /^rgba?\(\s*([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)/.exec(colour);
  return match && (0.2126 * match[1] + 0.7152 * match[2] + 0.0722 * match[3]) / 255;
}

export class Theme {
  constructor(root) {
    this.root = root;
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.onChange = () => this.dress();
    this.system.addEventListener("change", this.onChange);
    document.addEventListener("vizgraph:ground", this.onChange);
  }

  /** Light or dark: Streamlit's background if we are inside it, else the notebook's, else what the reader's system prefers. */
  dress() {
    const hosted = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim() !== "";
    const light = hosted ? lightness(getComputedStyle(this.root).backgroundColor) : null;
    const { ground } = document.documentElement.dataset; // what a notebook around the page said
    const dark = light !== null ? light < 0.5 : ground ? ground === "dark" : this.system.matches;
    this.root.dataset.theme = dark ? "dark" : "light";
  }

  destroy() {
    this.system.removeEventListener("change", this.onChange);
    document.removeEventListener("vizgraph:ground", this.onChange);
  }
}

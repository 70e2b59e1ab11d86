/**
 * List what was found in a run, below the player: a sentence each, its line, what to do. A click shows the place.
 */

import { make } from "./dom.js";

/** The source text of a line of the program, counted from 1; nothing where there is none. */
export function lineText(source, line) {
  return source && line ? (source.split("\n")[line - 1] ?? "").trim() : "";
}

/** The view in which a finding has a place: the one that is shown, else another one, else null. */
export function viewOf(finding, shown) {
  const has = (name) => (finding.views?.[name]?.nodes ?? []).length + (finding.views?.[name]?.edges ?? []).length > 0;
  return has(shown) ? shown : (Object.keys(finding.views ?? {}).find(has) ?? null);
}

export class FindingList {
  constructor(player) {
    this.player = player;
    this.title = make("h3", { class: "vg-findings-title" });
    this.list = make("ol", { class: "vg-findings-list" });
    this.element = make("section", { class: "vg-findings" }, this.title, this.list);
    this.element.hidden = true;
    this.told = "";
    this.shown = null;
  }

  /** Show the findings of a payload; the same ones stay as they are. */
  show(payload) {
    const findings = payload.findings ?? [];
    const words = payload.words ?? {};
    const told = JSON.stringify([findings, payload.language, payload.source]);
    if (told === this.told) return;
    this.told = told;
    this.shown = null;
    const name = words["player.findings"] ?? "";
    this.element.hidden = findings.length === 0;
    this.element.setAttribute("aria-label", name);
    this.title.replaceChildren(name, make("span", { class: "vg-findings-count", text: findings.length }));
    this.list.replaceChildren(...findings.map((finding) => this.item(finding, payload, words)));
  }

  item(finding, payload, words) {
    const grade = make("span", { class: "vg-grade", text: words[`player.finding.${finding.severity}`] ?? finding.severity });
    const sentence = make("span", { class: "vg-finding-sentence", text: finding.sentence });
    const button = make("button", { type: "button", class: "vg-finding-button" }, grade, sentence);
    button.addEventListener("click", () => this.visit(finding, item));
    const item = make("li", { class: `vg-finding is-${finding.severity}` }, button);
    const code = lineText(payload.source, finding.line);
    if (finding.where) {
      const place = code ? (words["player.line"] ?? "{line}").replace("{line}", finding.line) : finding.where;
      item.append(make("p", { class: "vg-finding-line" }, make("span", { text: place }), make("code", { text: code })));
    }
    if (finding.fix) item.append(make("p", { class: "vg-finding-fix", text: finding.fix }));
    return item;
  }

  /** Light the place of a finding in the drawing, and bring it into sight: a group that holds it is opened. */
  async visit(finding, item) {
    const { player } = this;
    const name = viewOf(finding, player.name);
    if (name === null) player.onBeat({ line: finding.line });
    else {
      if (name !== player.name) player.switchView(name);
      const { nodes, edges } = finding.views[name];
      if (nodes.length) await player.groups.reveal(nodes[0]);
      const drawn = [...new Set(nodes.map((id) => player.groups.seen(id)))].filter((id) => id !== null);
      player.point(drawn, edges, finding.line);
      player.stage.element.scrollIntoView({ block: "nearest" }); // the list stands below: on a small page out of sight of it
    }
    for (const other of this.list.children) other.classList.toggle("is-shown", other === item);
  }

  /** A step was shown: what a finding had lit is no longer. */
  leave() {
    for (const item of this.list.children) item.classList.remove("is-shown");
  }
}

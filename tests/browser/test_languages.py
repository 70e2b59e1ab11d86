"""Read the page in both languages: everything is said in the one that was chosen, and no text is cut."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player import IDLE, last_step, player
from vizgraph.lessons import Lesson, lesson
from vizgraph.texts import LANGUAGES, say, speaking

Visit = Callable[..., Page]

# Elements with a text of their own that does not fit, apart from fields and listings that scroll; in the drawing
# texts that stand out of their box.
CUT = """() => {
    const cut = [];
    const visit = root => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) visit(element.shadowRoot);
            const style = getComputedStyle(element), box = element.getBoundingClientRect();
            if (box.width < 3 || box.height < 3 || style.visibility === "hidden" || element.closest("pre, textarea")) continue;
            if (element.closest("[aria-expanded=false], details:not([open])")) continue;
            if (style.clip !== "auto" || style.clipPath !== "none") continue; // for screen readers only
            if (element.matches("text") && element.closest(".vg-node, .vg-edge")) {
                const frame = element.parentElement.querySelector(
                    element.dataset.role === "contribution" ? ".vg-chip" : ".vg-box");
                if (!element.textContent.trim() || !frame) continue;
                const outer = frame.getBoundingClientRect();
                if (box.left < outer.left - 2 || box.right > outer.right + 2) cut.push(element.textContent);
                continue;
            }
            if (element.ownerSVGElement) continue; // a drawing is panned
            const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
            if (!own || ["STYLE", "SCRIPT", "TITLE", "OPTION"].includes(element.tagName)) continue;
            if (element.scrollWidth > element.clientWidth + 1 && style.display !== "inline" && style.overflowX !== "visible")
                cut.push(element.textContent.slice(0, 60));
            if (box.right > innerWidth + 1 && !element.closest("math")) cut.push("outside: " + element.textContent.slice(0, 60));
        }
    };
    visit(document);
    return cut;
}"""  # noqa: E501


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", ["unknown_outer_function_math", "attention", "no_gradient_argument", "where_and_zero"])
def test_no_text_is_cut(id: str, language: str, width: int, visit: Visit) -> None:
    page = visit(f"?lesson={id}&lang={language}", width=width, height=1080 if width == 1920 else 800)
    player(page)
    slider = player(page).get_by_role("slider", name=say("player.step", language))
    for step in sorted({0, last_step(page) // 2, last_step(page)}):
        slider.fill(str(step))
        expect(player(page)).to_have_attribute("data-step", str(step))
        assert page.evaluate(CUT) == []


def test_the_switch_changes_every_word_and_the_address(visit: Visit) -> None:
    page = visit("?lesson=gates")
    player(page)
    page.get_by_role("radio", name="中文").click()
    with speaking("zh"):
        expect(page.get_by_text(say("page.subtitle"))).to_be_visible()
        expect(page.get_by_label(say("page.functions"), exact=True)).to_be_visible()
        expect(page.get_by_text(lesson_of("gates").look)).to_be_visible()
        expect(page.get_by_text(lesson_of("gates").question)).to_be_attached()
        expect(player(page).get_by_role("button", name=say("player.next"))).to_be_visible()
        expect(player(page).get_by_role("status")).to_contain_text("前向已完成")
    expect(player(page)).to_have_attribute("lang", "zh")
    expect(page).to_have_url(re.compile("lang=zh"))
    page.reload()
    expect(player(page).get_by_role("status")).to_contain_text("前向已完成")
    page.wait_for_selector(IDLE)
    page.get_by_role("radio", name="English").click()
    expect(player(page).get_by_role("status")).to_contain_text("The forward pass is done")
    expect(page).not_to_have_url(re.compile("lang="))


def lesson_of(id: str) -> Lesson:
    found = lesson(id)
    assert found is not None
    return found


def test_an_error_and_a_refusal_are_explained_in_chinese(visit: Visit) -> None:
    page = visit("?lang=zh&lesson=no_gradient_argument")
    player(page)
    expect(page.get_by_text(re.compile("^第 4 行第 1 列.*grad can be implicitly created"))).to_be_visible()
    page.get_by_role("button", name="修改第 4 行").first.click()
    expect(page.get_by_text(re.compile("^第 4 行第 1 列"))).to_have_count(0)
    page.get_by_label("函数", exact=True).fill("import os")
    page.get_by_label("函数", exact=True).press("Control+Enter")
    expect(page.get_by_text(re.compile("本语言不支持导入 os"))).to_be_visible()

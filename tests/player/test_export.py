"""The stand-alone page as text: whole, escaped, closed to the network, small."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from vizgraph import lessons, pipeline
from vizgraph.player import export

PAYLOAD = json.loads((Path(__file__).parents[1] / "web" / "payload.json").read_text(encoding="utf-8"))
BAD = "</script><script>alert(1)</script><!-- & \u2028\u2029 ' \" -->"


class Elements(HTMLParser):
    """Every element with its attributes, and the text inside those that hold text of their own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open.append(dict(attrs).get("type") or tag if tag == "script" else tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]] = self.texts.get(self._open[-1], "") + data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def hostile() -> dict[str, Any]:
    return PAYLOAD | {"title": BAD, "source": BAD + "\ny = 1 < 2\n", "words": PAYLOAD["words"] | {"player.play": BAD}}


def test_the_payload_comes_back_as_it_went_in() -> None:
    page = Elements(export.page(hostile()))
    assert json.loads(page.texts["application/json"]) == hostile()


def test_the_payload_cannot_leave_its_element() -> None:
    text = Elements(export.page(hostile())).texts["application/json"]
    assert not re.search("[<&\u2028\u2029]", text)


def test_strangers_add_no_element() -> None:
    names = [name for name, _ in Elements(export.page(hostile())).found]
    assert names.count("script") == 2
    assert set(names) == {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "span", "div", "ol", "li", "code", "script",
    }  # fmt: skip


def test_title_and_program_are_escaped() -> None:
    page = Elements(export.page(hostile()))
    assert page.texts["title"].startswith(BAD)
    assert BAD.partition("\u2028")[0] in page.texts["code"]
    assert "y = 1 < 2" in page.texts["code"]


def test_no_request_is_allowed() -> None:
    page = Elements(export.page(PAYLOAD))
    [policy] = [meta["content"] for meta in page.named("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    for rule in ("script-src", "style-src"):
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules.pop(rule))
    assert set(rules.values()) == {"'none'"}


def test_the_policy_names_the_very_script_and_style() -> None:
    text = export.page(PAYLOAD)
    page = Elements(text)
    for content in (page.texts["module"], page.texts["style"]):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in text


def test_nothing_is_named_that_would_have_to_be_fetched() -> None:
    page = Elements(export.page(PAYLOAD))
    assert [attributes for _, attributes in page.found if {"src", "href", "srcset", "data"} & set(attributes)] == []
    assert (
        re.findall(r"@import|url\(|\bimport\b[^a-z]*[\"'(]|fetch\(", page.texts["style"] + page.texts["module"]) == []
    )


def test_the_same_payload_gives_the_same_page() -> None:
    assert export.page(PAYLOAD) == export.page(json.loads(json.dumps(PAYLOAD)))


def test_it_is_small() -> None:
    without_program = len(export.page(PAYLOAD).encode()) - len(json.dumps(PAYLOAD, ensure_ascii=False).encode())
    assert without_program < 170_000  # of the 300,000 that a lesson may take


@pytest.mark.parametrize("lesson", lessons.lessons(), ids=lambda lesson: lesson.id)
def test_the_page_of_a_lesson_stays_below_300_kilobytes(lesson: lessons.Lesson) -> None:
    picture = pipeline.visualize(
        lesson.program, values=lesson.values, requires_grad=lesson.requires_grad, gradient=lesson.gradient
    )
    assert len(export.page(picture.payload()).encode()) < 300_000


def test_a_number_that_json_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        export.page(PAYLOAD | {"step": float("nan")})

"""Hold one answer to all that holds for every answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree

INSIDE: Final = re.compile(
    r"Traceback|File \"|\.py\b|(?:/\w+){2,}|\b\w+(?:Error|Exception|Warning)\b|<class|<module|<function|<built-in|<bound"
    r"|\b0x[0-9a-f]{6,}|vizgraph\.\w|torch\._|<\w+ object|mistake inside|crash"
)
TOLD: Final = re.compile(
    r"did you mean $|must derive from $|\bexcept $|\braise $|\bknown: .*$"
)  # names of Python that a hint may offer
LONGEST: Final = 1200
LINK: Final = re.compile(r"(?:https://)?(?:github\.com|pytorch\.org)/\S+")  # torch's own words name places to read on
DRAWN: Final = frozenset(
    {"svg", "g", "path", "rect", "text", "tspan", "title", "defs", "style", "marker", "line", "circle", "use"}
)
KNOWN: Final = frozenset({"run", "form", "derivation", "player", "refused", "failed"})


def outcome(stages: Mapping[str, bytes]) -> str:
    """Name what became of a job."""
    if "refused" in stages:
        return "refused"
    if "lost" in stages:
        return "lost to " + json.loads(stages["lost"])
    return "ended in an error" if json.loads(stages["form"])["error"] else "answered"


def faults(job: Mapping[str, Any], stages: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with an answer; nothing is, nearly always."""
    said = {name: json.loads(data) for name, data in stages.items()}
    if said.get("lost") in ("bug", "crash"):
        yield f"mistake inside: {said.get('note')}"
        return
    typed = "\n".join((job["source"], *map(str, job["values"].items()), str(job["gradient"])))
    for name in said.keys() - KNOWN - {"lost", "note", "end"}:
        yield f"an unknown stage {name}"
    if "refused" in said:
        if said.keys() & {"run", "form", "player"}:
            yield "refused and answered"
        yield from _sentence(said["refused"], job["source"], typed)
    if said.get("failed"):
        yield from _sentence(said["failed"], job["source"], typed)
    form = said.get("form")
    if form:
        if form["error"]:
            yield from _sentence(form["error"], job["source"], typed)
        for warning in form["warnings"]:
            yield from _inside(LINK.sub("", warning), typed, "a warning")
    if "player" in said:
        for view in said["player"]["views"].values():
            yield from _drawing(view["svg"])


def _sentence(error: Mapping[str, Any], source: str, typed: str) -> Iterator[str]:
    message, hint = error["message"], error["hint"] or ""
    if not message or not message.strip():
        yield "an empty message"
    if "\n" in message + hint:
        yield f"a message of several lines: {message!r}"
    if len(message) + len(hint) > LONGEST:
        yield f"a message of {len(message) + len(hint)} characters"
    yield from _inside(LINK.sub("", message), typed, "a message")
    yield from _inside(hint, typed, "a hint")
    lines = source.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").strip("\n").split("\n")
    line, column = error["line"], error["column"]
    if line is not None and not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1):
        yield f"line {line}, column {column} is outside of the program: {message}"


def _inside(text: str, typed: str, what: str) -> Iterator[str]:
    """What a person typed may be said back; what stands inside vizgraph, torch or Python may not be shown."""
    for found in INSIDE.finditer(text):
        if re.sub(r"^\W*\d+", "", found[0]) not in typed and not TOLD.search(text[: found.start()]):
            yield f"{what} shows {found[0]!r}: {text[:200]!r}"
            return


def _drawing(svg: str) -> Iterator[str]:
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        yield f"a drawing that is no XML: {error}"
        return
    for element in root.iter():
        if element.tag.rpartition("}")[2] not in DRAWN:
            yield f"the element {element.tag} in a drawing"
        for name, value in element.attrib.items():
            if (
                name.startswith("on")
                or name.endswith("href")
                or "javascript:" in value
                or "url(" in value.replace("url(#", "")
            ):
                yield f"the attribute {name}={value[:40]!r} in a drawing"

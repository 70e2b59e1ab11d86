"""Write a stand-alone page that plays offline.

The page holds everything it needs: the player, its looks and the payload. Its
content security policy forbids every request, so that it plays from a file,
and keeps playing when it is shown inside a notebook's frame.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import zlib
from functools import cache
from typing import Any, Final

from vizgraph import web

READABLE: Final = 80_000  # characters of data in a page: what is larger is deflated

# None of these may stand in a script element: they could end it, or begin a comment in it. What only closes may.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<&\u2028\u2029"}

_START: Final = """
// A notebook says how dark its page is: its theme need not be the system's.
addEventListener("message", (event) => {
  if (event.source !== parent || !["dark", "light"].includes(event.data?.vizgraph)) return;
  document.documentElement.dataset.ground = event.data.vizgraph;
  document.dispatchEvent(new CustomEvent("vizgraph:ground"));
});
const data = document.getElementById("payload");
const payload = data.type === "text/plain" ? await unpack(data.textContent) : JSON.parse(data.textContent);
const projector = location.hash === "#projector";
if (payload.board) mountBoard(document.getElementById("board"), payload.board, { projector });
const lines = [...document.querySelectorAll("ol li")];
mount(document.getElementById("player"), payload, {
  projector,
  onBeat: (beat) => lines.forEach((line, i) => line.classList.toggle("is-active", i + 1 === beat.line)),
});
"""

_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · vizgraph</title>
<style>{style}</style>
</head>
<body>
<main>
<h1><span>vizgraph</span>{title}</h1>
<div id="player"></div>
<div id="board"></div>
{program}</main>
<script type="{kind}" id="payload">{payload}</script>
<script type="module">{script}</script>
</body>
</html>
"""


# What only a page with an engine says, and holds.
_ENGINE: Final = "asking confirmed differs outer outer_is ghost write undo written edited what_if_computed".split()


def page(payload: dict[str, Any], *, packed: bool = False) -> str:
    """The page that plays ``payload`` (`vizgraph.player.payload`), as one text.

    ``packed`` deflates even a small payload, to about a seventh: a notebook keeps its outputs in its own file.

    >>> print(page({"title": "y = a < b", "views": {}})[:15])
    <!doctype html>
    """
    style = _looks()
    script = _program()
    payload = _offline(payload)
    data = _data(payload)
    packed = packed or len(data) > READABLE
    return _PAGE.format(
        language=html.escape(str(payload.get("language", "en"))),
        policy=_policy(style, script),
        title=html.escape(str(payload.get("title") or "a backward pass")),
        style=style,
        program="" if payload.get("board") else _listing(payload.get("source")),
        kind="text/plain" if packed else "application/json",
        payload=_packed(data) if packed else data,
        script=script,
    )


def _offline(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload without what no page can use that plays by itself."""
    said = {f"player.v.{name}" for name in _ENGINE}
    words = {name: word for name, word in payload.get("words", {}).items() if name not in said}
    return {name: value for name, value in payload.items() if name != "inputs"} | {"words": words}


def _packed(data: str) -> str:
    """The same deflated and in base 64, as `web/groups.js` unpacks it."""
    return base64.b64encode(zlib.compress(data.encode(), 9)).decode()


def _data(payload: dict[str, Any]) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def _listing(source: str | None) -> str:
    """The program below the player, one element per line."""
    if not source:
        return ""
    lines = "".join(f"<li><code>{html.escape(line) or ' '}</code></li>" for line in source.rstrip().splitlines())
    return f"<ol>{lines}</ol>\n"


@cache
def _looks() -> str:
    return web.lean_style(f"{web.style()}\n{web.board_style()}\n{web.read('page.css')}")


@cache
def _program() -> str:
    return web.lean(web.script()) + _START


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded; only this very style and this very script may be used."""
    allowed = f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

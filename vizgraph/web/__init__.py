"""Join the player's modules and looks, each a file of its own here, into the one text that a page takes.

A page of Streamlit and a page that plays offline load nothing further: so the modules are put one after the
other, what a module uses before it, and the imports among them are left out. Their names must differ.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

MODULES: Final = (
    "between.js",
    "dom.js",
    "numbers.js",
    "words.js",
    "pace.js",
    "port.js",
    "routes.js",
    "safe.js",
    "fold.js",
    "icons.js",
    "fitting.js",
    "graft.js",
    "scene.js",
    "travel.js",
    "tools.js",
    "vector.js",
    "findings.js",
    "shares.js",
    "heat.js",
    "groups.js",
    "inputs.js",
    "minimap.js",
    "search.js",
    "card.js",
    "controls.js",
    "telling.js",
    "theme.js",
    "signals.js",
    "keys.js",
    "stage.js",
    "playback.js",
    "player.js",
    "mount.js",
    "board.js",
)  # what a module imports stands before it
LOOKS: Final = ("drawing.css", "player.css", "findings.css", "groups.css")

_FOLDER: Final = Path(__file__).parent
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_EXPORT: Final = re.compile(r"^export (?:default )?", re.MULTILINE)  # nothing imports what is joined
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./[\w-]+\.js";\n', re.MULTILINE)
_REMARK: Final = re.compile(r"\s+// [^\"'`]*$")  # at the end of a line; with a quote in it, it may be in a text


@cache
def script() -> str:
    """The modules as one, which exports nothing."""
    joined = "\n".join(map(read, MODULES))
    return _EXPORT.sub("", _IMPORT.sub("", joined))


@cache
def code() -> str:
    """The modules as the script of a component of Streamlit's that shows nothing: it serves every `entrance`."""
    serve = "apart.bring({ player: component, board: boardComponent });\nexport default () => {};\n"
    return f"{read('apart.js')}\n{script()}\n{serve}"


def entrance(component: str) -> str:
    """The script of a component that leaves everything to the code of this name, as soon as that is there."""
    return f"{read('apart.js')}\nexport default async (call) => (await apart.code).{component}(call);\n"


@cache
def board_style() -> str:
    """The looks of the board."""
    return read("board.css")


def lean(script: str) -> str:
    """The same script without its comments and its indentation: a page that travels needs neither.

    >>> print(lean("/** Add. */\\nfunction add(a, b) {\\n  // one line\\n  return a + b;\\n}"))
    function add(a, b) {return a + b;}
    """
    lines = [_REMARK.sub("", line.strip()) for line in script.splitlines()]
    kept = [line for line in lines if line and not line.startswith(("//", "/**", "* ", "*/")) and line != "*"]
    return "".join(
        line if line.endswith(("{", ",", "(", "[", ";")) and "//" not in line else f"{line}\n" for line in kept
    ).rstrip()


def lean_style(style: str) -> str:
    """The same looks without their comments and all space that means nothing.

    >>> lean_style("/* Red. */\\na,\\nb {\\n  color: red;\\n  width: calc(1em + 2px);\\n}")
    'a,b{color:red;width:calc(1em + 2px)}'
    """
    close = re.sub(r"\s*([{};,])\s*", r"\1", _COMMENT.sub("", style).strip())
    return re.sub(r"(?<=[\w-]):\s+", ":", close).replace(";}", "}")


def looks(*styles: str) -> str:
    """Styles as a component of Streamlit's takes them: of one line it would think that it was the name of a file."""
    return "\n".join(("/* vizgraph */", *map(lean_style, styles)))


@cache
def style() -> str:
    """The looks of the drawing and of the player."""
    return "\n".join(map(read, LOOKS))


def read(name: str) -> str:
    """A file of this folder."""
    return (_FOLDER / name).read_text(encoding="utf-8")

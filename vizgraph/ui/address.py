"""Write what is on the page into its address, and read it back.

An address may come from anybody: what can't be right is left out, with a note, and all of it
stays data. Lists are names and texts between tildes (``x1~2.5~x2~[1, 2]``), which
survive a URL as they are; a backslash keeps a tilde, or itself, inside a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote_plus

from vizgraph import limits
from vizgraph.texts import ENGLISH, LANGUAGES

Pairs: TypeAlias = "tuple[tuple[str, str], ...]"
ViewName = Literal["math", "engine"]

LONGEST: Final = 7_000  # characters of an address that servers and messengers let through
STEPS: Final = 10**6
_NOTHING: Final = "-"  # an empty list of names; no identifier looks like it


@dataclass(frozen=True, slots=True)
class Address:
    """``values`` and ``gradient`` are the texts as typed; None means: as the lesson or the engine has it.

    ``outer`` is the function of the outputs whose gradient is v."""

    lesson: str | None = None
    program: str | None = None
    values: Pairs = ()
    requires_grad: tuple[str, ...] | None = None
    gradient: str | Pairs | None = None
    step: int = 0
    view: ViewName = "math"
    projector: bool = False
    language: str = "en"
    outer: str | None = None


def write(address: Address) -> dict[str, str]:
    """The query parameters of an address; of one that would be too long, what names no program.

    >>> write(Address(program="y = a*b", values=(("a", "2"), ("b", "-1")), step=3))
    {'program': 'y = a*b', 'values': 'a~2~b~-1', 'step': '3'}
    """
    params = _params(address)
    if _length(params) <= LONGEST:
        return params
    return {name: text for name, text in params.items() if name in ("lesson", "view", "projector", "lang")}


def fits(address: Address) -> bool:
    """Whether all of it can be written."""
    return _length(_params(address)) <= LONGEST


def _params(address: Address) -> dict[str, str]:
    params: dict[str, str | None] = {
        "lesson": address.lesson,
        "program": address.program,
        "values": _join_pairs(address.values) if address.values else None,
        "requires_grad": None if address.requires_grad is None else "~".join(address.requires_grad) or _NOTHING,
        "v": _write_gradient(address.gradient),
        "outer": address.outer,
        "step": str(address.step) if address.step else None,
        "view": address.view if address.view != "math" else None,
        "projector": "1" if address.projector else None,
        "lang": address.language if address.language != ENGLISH else None,
    }
    return {name: text for name, text in params.items() if text is not None}


def _length(params: Mapping[str, str]) -> int:
    return sum(len(name) + len(quote_plus(text)) + 2 for name, text in params.items())


def read(params: Mapping[str, str]) -> tuple[Address, tuple[str, ...]]:
    """The address, and the names of the parameters that made no sense and were left out.

    >>> read({"lesson": "gates", "step": "many"})
    (Address(lesson='gates', program=None, values=(), requires_grad=None, gradient=None, step=0, view='math', \
projector=False, language='en', outer=None), ('step',))
    """
    address, ignored = Address(), []
    for name, (field, parse) in _READERS.items():
        if name not in params:
            continue
        try:
            address = replace(address, **{field: parse(_checked(params[name], _is_typed(params[name])))})
        except ValueError:
            ignored.append(name)
    return address, tuple(ignored)


def _read_lesson(text: str) -> str:
    return _checked(text, re.fullmatch(r"[A-Za-z0-9_]{1,60}", text) is not None)


def _read_program(text: str) -> str:
    return _checked(text, len(text) <= limits.PROGRAM_CHARACTERS)


def _read_values(text: str) -> Pairs:
    pairs = _split_pairs(text)
    _checked(text, len(pairs) <= limits.INPUTS)
    return pairs


def _read_names(text: str) -> tuple[str, ...]:
    names = () if text == _NOTHING else tuple(text.split("~"))
    _checked(text, len(names) <= limits.INPUTS and all(map(_is_name, names)))
    return names


def _read_gradient(text: str) -> str | Pairs:
    parts = _split(text)
    return parts[0] if len(parts) == 1 else _split_pairs(text)


def _read_outer(text: str) -> str:
    return _checked(text, bool(text.strip()) and len(text) <= limits.OUTER_CHARACTERS)


def _read_step(text: str) -> int:
    _checked(text, re.fullmatch(r"[0-9]{1,7}", text) is not None and int(text) <= STEPS)
    return int(text)


def _read_view(text: str) -> str:
    return _checked(text, text in ("math", "engine"))


def _read_language(text: str) -> str:
    return _checked(text, text in LANGUAGES)


def _read_projector(text: str) -> bool:
    return _checked(text, text in ("0", "1")) == "1"


_READERS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "lesson": ("lesson", _read_lesson),
    "model": ("lesson", _read_lesson),
    "program": ("program", _read_program),
    "values": ("values", _read_values),
    "requires_grad": ("requires_grad", _read_names),
    "v": ("gradient", _read_gradient),
    "outer": ("outer", _read_outer),
    "step": ("step", _read_step),
    "view": ("view", _read_view),
    "projector": ("projector", _read_projector),
    "lang": ("language", _read_language),
}
NAMES: Final = tuple(_READERS)


def _checked(text: str, good: bool) -> str:
    if not good:
        raise ValueError(text)
    return text


def _is_typed(text: str) -> bool:
    """Whether a person could have typed it: no control characters but those of a text of several lines."""
    return not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def _is_name(text: str) -> bool:
    return text.isidentifier() and len(text) <= 60


def _write_gradient(gradient: str | Pairs | None) -> str | None:
    return _escape(gradient) if isinstance(gradient, str) else _join_pairs(gradient) if gradient else None


def _join_pairs(pairs: Pairs) -> str:
    return "~".join(f"{name}~{_escape(text)}" for name, text in pairs)


def _split_pairs(text: str) -> Pairs:
    parts = _split(text)
    names = parts[::2]
    _checked(text, len(parts) % 2 == 0 and all(map(_is_name, names)) and len(set(names)) == len(names))
    return tuple(zip(names, parts[1::2], strict=True))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("~", "\\~")


def _split(text: str) -> list[str]:
    """The parts between tildes, without the backslashes that kept others."""
    parts = [""]
    for piece in re.findall(r"\\.|~|[^\\~]+|\\", text, re.DOTALL):
        if piece == "~":
            parts.append("")
        else:
            parts[-1] += piece[1:] if len(piece) == 2 and piece[0] == "\\" else piece
    return parts

"""Keep every sentence that a person reads, per language.

What is said is said in the language that is being spoken: `speaking` sets it for a block, and
for this thread only. A key that a language lacks is said in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER = Path(__file__).parent
ENGLISH: Final = "en"
LANGUAGES: Final = {"en": "English", "zh": "中文"}

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in a language inside of a block; an unknown one is English.

    >>> with speaking("zh"):
    ...     say("player.step")
    '步骤'
    """
    token = _spoken.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is being spoken."""
    return _spoken.get()


@cache
def written(language: str) -> dict[str, str]:
    """The templates that a language has by key; ``{name}`` in a template is filled by `say`."""
    texts: dict[str, str] = {}
    for name in (f"{language}.json", f"lessons.{language}.json"):
        texts |= json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return texts


@cache
def words(language: str = ENGLISH) -> dict[str, str]:
    """All templates by key, in English where the language lacks one."""
    return {**written(ENGLISH), **written(language)}


def say(key: str, /, language: str | None = None, **values: object) -> str:
    """The sentence of that key with the values filled in.

    The values are data: braces in them stay as they are.

    >>> say("player.step_of", i=3, n=12)
    'Step 3 of 12'
    """
    return words(language or _spoken.get())[key].format_map(values)


def load() -> None:
    """Read every language now, for processes that may open no file later."""
    for language in LANGUAGES:
        words(language)
        if language != ENGLISH:
            _phrases(language)


# --- sentences that are written where they are raised ---------------------------------------


def phrase(text: str) -> str:
    """A refusal or a hint, which the code words in English, in the language that is being spoken.

    >>> with speaking("zh"):
    ...     phrase("import of os is not in the language")
    '本语言不支持导入 os'
    """
    if _spoken.get() == ENGLISH:
        return text
    for pattern, template in _phrases(_spoken.get()):
        found = pattern.fullmatch(text)
        if found is not None:
            return template.format_map({name: phrase(value) for name, value in found.groupdict().items()})
    return text


@cache
def _phrases(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The English sentences as patterns, with what they become; those with the most words of their own first."""
    pairs: dict[str, str] = json.loads((_FOLDER / f"phrases.{language}.json").read_text(encoding="utf-8"))
    ordered = sorted(pairs, key=lambda english: -len(re.sub(r"\{\w+\}", "", english)))
    return tuple((_pattern(english), pairs[english]) for english in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    """``import of {name}`` as a pattern that finds the name."""
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile(
        "".join(re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts))
    )

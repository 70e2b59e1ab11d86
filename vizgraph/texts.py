"""Keep every sentence that a person reads, per language."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("texts")


@cache
def words(language: str = "en") -> dict[str, str]:
    """All templates of a language by key; ``{name}`` in a template is filled by `say`."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def say(key: str, /, language: str = "en", **values: object) -> str:
    """The sentence of that key with the values filled in.

    The values are data: braces in them stay as they are.

    >>> say("player.step_of", i=3, n=12)
    'Step 3 of 12'
    """
    return words(language)[key].format_map(values)

"""Dress the page: one style sheet, and one number that makes all of it larger for a projector."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def style(*, projector: bool) -> str:
    """The ``style`` element of the page."""
    sheets = ["theme.css", "projector.css"] if projector else ["theme.css"]
    texts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in sheets]
    return "<style>" + "\n".join(texts) + "</style>"

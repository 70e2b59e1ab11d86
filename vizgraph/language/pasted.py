"""Tell what of a pasted text is not the program: prompts of an interactive session, its output, Markdown fences."""

from __future__ import annotations

import re
from typing import Final

PROMPT: Final = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)")
NOTEBOOK: Final = re.compile(r"\s*(?:In|Out) ?\[\d*\]: ?")
FENCE: Final = re.compile(r"\s*(?:```|~~~)\s*\w*\s*$")


def leading(lines: list[str]) -> list[int]:
    """Return for each line how many of its first characters to leave out.

    >>> leading([">>> x = 1", ">>> print(x)", "1"])
    [4, 4, 1]
    >>> leading(["```python", "y = x", "```"])
    [9, 0, 3]
    """
    session = any(line.lstrip().startswith(">>>") for line in lines)
    return [_leading(line, session=session) for line in lines]


def _leading(line: str, *, session: bool) -> int:
    if FENCE.match(line):
        return len(line)
    if session:
        prompt = PROMPT.match(line)
        return prompt.end() if prompt else len(line)
    notebook = NOTEBOOK.match(line)
    if notebook:
        return len(line) if line.lstrip().startswith("Out") else notebook.end()
    return 0

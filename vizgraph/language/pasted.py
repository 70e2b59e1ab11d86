"""Tell what of a pasted text is not the program: prompts of an interactive session, its output, Markdown fences."""

from __future__ import annotations

import re
from typing import Final

PROMPT: Final = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)")
NOTEBOOK: Final = re.compile(r"\s*In ?\[[\d ]*\]: ?")
CONTINUED: Final = re.compile(r"\s*\.\.\.+: ?")
OUTPUT: Final = re.compile(r"\s*Out ?\[[\d ]*\]:")
FENCE: Final = re.compile(r"\s*(?:```|~~~)\s*\w*\s*$")
# What a notebook does beside Python: %matplotlib inline, %%time, !pip install torch.
MAGIC: Final = re.compile(r"%{1,2}[A-Za-z]\w*(?:\s|$)|!\s?[A-Za-z.]")


def leading(lines: list[str]) -> list[int]:
    """Return for each line how many of its first characters to leave out.

    >>> leading([">>> x = 1", ">>> print(x)", "1"])
    [4, 4, 1]
    >>> leading(["```python", "y = x", "```"])
    [9, 0, 3]
    >>> leading(["%matplotlib inline", "y = x"])
    [18, 0]
    """
    if any(line.lstrip().startswith(">>>") for line in lines):
        return [_of_session(line) for line in lines]
    if any(NOTEBOOK.match(line) for line in lines):
        return _of_notebook(lines)
    return [len(line) if FENCE.match(line) or MAGIC.match(line) else 0 for line in lines]


def _of_session(line: str) -> int:
    prompt = None if FENCE.match(line) else PROMPT.match(line)
    return prompt.end() if prompt else len(line)


def _of_notebook(lines: list[str]) -> list[int]:
    """Cells of IPython: where their lines have prompts all others are output, else those behind an ``Out``."""
    prompted = any(CONTINUED.match(line) for line in lines)
    output, found = False, []
    for line in lines:
        prompt = NOTEBOOK.match(line) or (CONTINUED.match(line) if prompted else None)
        output = OUTPUT.match(line) is not None or (output and prompt is None)
        left = output or (prompted and prompt is None) or MAGIC.match(line[prompt.end() if prompt else 0 :])
        found.append(len(line) if left or FENCE.match(line) else prompt.end() if prompt else 0)
    return found

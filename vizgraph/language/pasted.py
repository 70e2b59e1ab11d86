"""Tell what of a pasted text is not the program: prompts of an interactive session, its output, Markdown fences."""

from __future__ import annotations

import re
from typing import Final

PROMPT: Final = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)")
NOTEBOOK: Final = re.compile(r"\s*In ?\[[\d ]*\]: ?")
CONTINUED: Final = re.compile(r"\s*\.\.\.+: ?")
OUTPUT: Final = re.compile(r"\s*Out ?\[[\d ]*\]:")
FENCE: Final = re.compile(r"\s*(?:```|~~~)\s*\w*\s*$")
CODE: Final = re.compile(r"\s*(?:import |from \w|[^\W\d][\w.]*\s*=[^=])")  # no sentence begins like this
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
    >>> leading(["x = 1", ">>> print(x)", "1"])
    [0, 4, 1]
    """
    first = next((number for number, line in enumerate(lines) if line.lstrip().startswith(">>>")), None)
    if first is not None and not _is_in_text(lines[:first]):
        before = [len(line) if FENCE.match(line) else 0 for line in lines[:first]]
        is_code = any(map(CODE.match, lines[:first]))
        return (before if is_code else [*map(len, lines[:first])]) + [_of_session(line) for line in lines[first:]]
    if any(NOTEBOOK.match(line) for line in lines):
        return _of_notebook(lines)
    return [len(line) if FENCE.match(line) or MAGIC.match(line) else 0 for line in lines]


def _is_in_text(before: list[str]) -> bool:
    """Whether what follows stands in a text of several lines, such as the examples of a docstring."""
    return any("\n".join(before).count(quotes) % 2 for quotes in ('"""', "'''"))


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

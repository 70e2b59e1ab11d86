"""Turn errors of torch and Python into sentences: what they said, and what to do about it."""

from __future__ import annotations

import re
import traceback
from typing import Final

# How a known sentence of torch or Python begins or what it contains, and what to do.
ADVICE: Final = (
    ("grad can be implicitly created only for scalar outputs",
     "say which combination of the outputs you want: y.backward(torch.ones_like(y)), or y.sum().backward()"),
    ("Trying to backward through the graph a second time",
     "call the first backward with retain_graph=True, or compute the output again before the second"),
    ("element 0 of tensors does not require grad",
     "nothing behind this tensor has requires_grad: create a leaf with requires_grad=True, and do not detach it"),
    ("only Tensors of floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("Only Tensors of floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("only floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("a leaf Variable that requires grad is being used in an in-place operation",
     "write y = x + 1 instead of x += 1, or put the update inside with torch.no_grad():"),
    ("a view of a leaf Variable that requires grad is being used in an in-place operation",
     "write into a copy, y = x.clone(), or put the update inside with torch.no_grad():"),
    ("modified by an inplace operation",
     "a saved value was overwritten: write y = y * 2 instead of y *= 2, or write into y.clone()"),
    ("Mismatch in shape: grad_output", "give backward a gradient of the shape of the output"),
    ("shapes cannot be multiplied", "the columns of the left factor must match the rows of the right one"),
    ("size mismatch", "the inner sizes of a product must be equal"),
    ("inconsistent tensor size", "both vectors of a dot product need the same length"),
    ("must match the size of tensor", "broadcasting needs equal sizes, or a size of 1"),
    ("1D tensors expected", "dot takes two vectors; use @ for matrices"),
    ("does not have a grad_fn", "nothing behind this tensor has requires_grad"),
    ("Can't call numpy() on Tensor that requires grad", "write y.detach().numpy()"),
    ("out of range", "indices count from 0 and end before the size"),
    ("out of bounds", "indices count from 0 and end before the size"),
    ("not enough memory", "use smaller sizes"),
    ("can't allocate memory", "use smaller sizes"),
)  # fmt: skip


def sentence(error: BaseException) -> str:
    """Return the first sentences of an error, without paths, places in other people's source or addresses.

    >>> sentence(ValueError("bad value"))
    'bad value'
    >>> sentence(ZeroDivisionError("division by zero"))
    'division by zero'
    """
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    text = str(error).strip() or text.split(":")[0].split(".")[-1]
    return plain(text)


def plain(text: str) -> str:
    """Return what torch says without paths and places in its own source, on one line."""
    text = text.split("\nException raised from", maxsplit=1)[0]
    text = re.sub(r"\s*\(?Triggered internally at [^)]*\)?\.?", "", text)
    text = re.sub(r"\s*\[?(?:[A-Za-z]:)?(?:/[\w.+-]+)+(?::\d+)?\]?", "", text)
    return " ".join(text.split())[:600]


def advice(message: str) -> str | None:
    """Return what to do about a known error, None for one that speaks for itself."""
    return next((what for said, what in ADVICE if said in message), None)

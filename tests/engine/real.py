"""Run programs of these tests in Python itself, and compare with what the language made of them."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from vizgraph import engine, language
from vizgraph.model import Run, Value

ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Outcome:
    """What Python and torch did: the printed lines, the names at the end, and the error that ended it."""

    printed: list[str]
    names: dict[str, Any]
    error: Exception | None
    warnings: list[str]


def real(source: str) -> Outcome:
    """Run a program that stands in a test (never a user's text) in real Python."""
    names: dict[str, Any] = {"__name__": "__main__"}
    out, error = io.StringIO(), None
    state = torch.get_rng_state()
    torch.manual_seed(0)
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            exec(compile(source, "program", "exec"), names)
    except Exception as raised:
        error = raised
    finally:
        torch.set_rng_state(state)
        torch.set_grad_enabled(True)
    lines = out.getvalue().removesuffix("\n")
    printed = [ADDRESS.sub("0x", line) for line in lines.split("\n")] if lines else []
    return Outcome(printed, names, error, [str(item.message) for item in caught])


def ours(source: str, **options: Any) -> Run:
    return engine.run(language.parse(source), **options)


def assert_agrees(source: str) -> Run:
    """Same printed text, same error, same leaves with the same values and gradients, same named tensors."""
    theirs, run = real(source), ours(source)
    assert_same_error(run, theirs.error)
    assert [ADDRESS.sub("0x", line) for line in run.printed] == theirs.printed
    leaves = {leaf.name: leaf for leaf in run.leaves}
    for name, value in theirs.names.items():
        if isinstance(value, Tensor) and value.is_leaf and value.requires_grad and name in leaves:
            assert_same(leaves[name].value, value, name)
            if any(one.span for one in run.passes):  # else the one pass is ours, from the outputs
                assert_same(leaves[name].grad, value.grad, f"{name}.grad")
    for name, value in last_values(run).items():
        tensor = theirs.names.get(name)
        if isinstance(tensor, Tensor) and name not in leaves and tensor._base is None:
            assert_same(value, tensor, name)
    return run


def assert_same_error(run: Run, error: Exception | None) -> None:
    if error is None:
        assert run.error is None, run.error
        return
    said = " ".join((str(error.args[0]) if isinstance(error, KeyError) else str(error)).split())
    assert run.error is not None, f"Python said: {said}"
    theirs = re.split(r",? but expected one of| Hint: ", said)[0]
    assert theirs in run.error.message
    assert run.error.span is not None


def last_values(run: Run) -> dict[str, Value]:
    return {call.name: call.values[0] for call in run.calls if call.name and len(call.values) == 1}


def assert_same(value: Value | None, tensor: Tensor | None, what: str) -> None:
    """Exactly the same numbers: both were made by torch's kernels from the same numbers."""
    if tensor is None:
        assert value is None, what
        return
    assert value is not None, what
    assert value.shape == tuple(tensor.shape), what
    assert value.dtype == str(tensor.dtype).removeprefix("torch."), what
    if value.entries is not None:
        mine = torch.tensor(value.entries, dtype=tensor.dtype)
        assert torch.equal(mine.nan_to_num(nan=12345.0), tensor.detach().reshape(-1).nan_to_num(nan=12345.0)), what

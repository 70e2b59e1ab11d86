"""Hold every program to what real Python and PyTorch make of it (outcomes.json, by scripts/record_programs.py)."""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

import vizgraph
from vizgraph import codec
from vizgraph.model import Fault, Run, Value
from vizgraph.worker import Zygote

HERE = Path(__file__).parent
OUTCOMES: dict[str, Any] = json.loads((HERE / "outcomes.json").read_text(encoding="utf-8"))
TIGHT = {"float32": 2e-6, "float64": 1e-12, "float16": 2e-3, "bfloat16": 2e-2}


def source_of(name: str) -> str:
    return (HERE / f"{name}.py").read_text(encoding="utf-8")


@functools.cache
def zygote() -> Zygote:
    """One zygote for all programs, as on the page; it ends with this process."""
    running = Zygote().start()
    atexit.register(running.close)
    return running


def run_in_child(name: str) -> Run:
    """The same program in the confined child of the page: no files, little memory, two seconds."""
    job = {"source": source_of(name), "values": {}, "requires_grad": None, "gradient": None, "want": ["run"]}
    answer = zygote().ask(job)
    assert "run" in answer, answer
    return codec.decode(Run, answer["run"])


def without_addresses(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x…", text)


def one_line(text: str) -> str:
    return " ".join(without_addresses(text).split())


def printed(run: Run) -> str:
    return without_addresses("".join(f"{line}\n" for line in run.printed))


def number(entry: Any) -> float:
    return float(entry)


def agrees(value: Value | None, expected: dict[str, Any]) -> bool:
    """Whether a value of vizgraph is the recorded one, within the last digits of its dtype."""
    if value is None or list(value.shape) != expected["shape"] or value.dtype != expected["dtype"]:
        return False
    if "entries" in expected:
        mine, theirs = value.entries, expected["entries"]
        if mine is None or len(mine) != len(theirs):
            return False
    else:
        keys = [key for key in ("minimum", "maximum", "norm") if key in expected]
        mine, theirs = tuple(getattr(value, key) for key in keys), [expected[key] for key in keys]
    close = TIGHT.get(value.dtype, 1e-6)
    return all(same(number(a), number(b), close) for a, b in zip(mine, theirs, strict=True))


def same(a: float, b: float, close: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=5 * close, abs_tol=close)


def differing_gradients(run: Run, outcome: dict[str, Any]) -> list[str]:
    """The names of the leaves whose final .grad is not the recorded one."""
    if [one.span for one in run.passes] == [None]:
        return []  # the program never calls backward, so vizgraph did, from its outputs
    leaves = {leaf.name: leaf for leaf in run.leaves}
    wrong = []
    for tensor in outcome["tensors"]:
        called = [leaves[name] for name in tensor["names"] if name in leaves]
        # A function may have given it another name before: then one leaf has its value, and its gradient.
        held = called[:1] or [leaf for leaf in run.leaves if agrees(leaf.value, tensor["value"])]
        right = tensor["grad"] is None if not held else any(same_gradient(leaf.grad, tensor["grad"]) for leaf in held)
        if tensor["leaf"] and not right:
            wrong.append("/".join(tensor["names"]))
    return wrong


def same_gradient(mine: Value | None, expected: dict[str, Any] | None) -> bool:
    return mine is None if expected is None else agrees(mine, expected)


def differing_values(run: Run, outcome: dict[str, Any]) -> list[str]:
    """The names that a run gives to another final value than Python does."""
    leaves = {leaf.name: (leaf.value,) for leaf in run.leaves}
    last: dict[str, tuple[Value, ...]] = {}  # a name of a function may be one of the program, too
    for call in run.calls:
        if call.name:
            last[call.name] = (*last.get(call.name, ()), *call.values)
    several = [value for call in run.calls if len(call.values) > 1 for value in call.values]  # these have no names
    wrong = []
    for tensor in outcome["tensors"]:
        known = last | leaves if tensor["leaf"] else leaves | last
        values = [value for name in tensor["names"] for value in known.get(name, ())]
        values += several if values else []
        if values and not any(agrees(value, tensor["value"]) for value in values):
            wrong.append("/".join(tensor["names"]))
    return wrong


def complaints(run: Run, outcome: dict[str, Any]) -> list[str]:
    """Everything in which a run differs from what Python did."""
    found = []
    if printed(run) != outcome["printed"]:
        found.append(f"printed {printed(run)!r}, not {outcome['printed']!r}")
    found += [f"another .grad of {tensor}" for tensor in differing_gradients(run, outcome)]
    found += [f"another value of {tensor}" for tensor in differing_values(run, outcome)]
    said = [one_line(text) for text in run.warnings]
    found += [f"no warning {text!r}" for text in outcome["warnings"] if not any(one_line(text) in one for one in said)]
    found += [f"a note shows the inside of vizgraph: {text!r}" for text in said if 'File "' in text]
    return found + complaints_about_error(run.error, outcome["error"])


def complaints_about_error(error: Fault | None, expected: dict[str, Any] | None) -> list[str]:
    if expected is None:
        return [f"failed with {error.message!r}"] if error else []
    if error is None:
        return [f"did not fail with {expected['message']!r}"]
    found = []
    if one_line(expected["message"]) not in one_line(error.message):
        found.append(f"said {error.message!r}, not {expected['message']!r}")
    line = error.span.line if error.span else None
    if line != expected["line"]:
        found.append(f"failed at line {line}, not {expected['line']}")
    return found if error.hint else [*found, f"no hint what to do about {error.message!r}"]


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_program_does_what_it_does_in_python(name: str) -> None:
    assert complaints(vizgraph.visualize(source_of(name)).run, OUTCOMES[name]) == []


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_program_does_the_same_in_the_confined_child(name: str) -> None:
    assert complaints(run_in_child(name), OUTCOMES[name]) == []


def test_every_program_has_the_outcome_of_its_present_text() -> None:
    written = {f"{path.parent.name}/{path.stem}": path for path in HERE.glob("*/*.py")}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for name, path in written.items()}
    assert digests == {name: outcome["digest"] for name, outcome in OUTCOMES.items()}

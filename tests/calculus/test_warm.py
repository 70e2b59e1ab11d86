"""After warming, a derivation needs no file: the worker's children can't open any."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

PROGRAMS = [
    ("y1 = x1*x2*x3\ny2 = x1 + x2 + x3", {"x1": 1, "x2": 2, "x3": 3}),
    ("f = 1 / (1 + exp(-(w*x + b)))", {"w": 2, "x": -1, "b": 0.5}),
    ("y = tanh(u) / (1 + v**2) + log(w)**w", {"u": 0.3, "v": 2, "w": 3}),
    ("m = relu(a) + abs(b) + maximum(a, b) + atan2(a, b) + erf(a) + floor(b)", {"a": 0.7, "b": -1.3}),
    ("y = lgamma(x)", {"x": 3}),
    ("s = norm(x - 0.3) + mean(x) + std(x) + prod(x) + max(x)", {"x": [1, 2, 4]}),
]
CHILD = """
import json, resource, sys
from vizgraph import calculus, engine, language
from vizgraph.calculus import derive, warm
programs = json.loads(sys.argv[1])
runs = [engine.run(language.parse(source), values) for source, values in programs]
warm()
before = set(sys.modules)
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
found = [derive(run) for run in runs]
print(json.dumps({
    "new": sorted(set(sys.modules) - before),
    "agree": [all(check.agrees for check in one.checks) or one.note for one in found],
    "said": [[one.symbolic, one.latex] for one in found],
}))
"""


def answer(seed: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(PROGRAMS)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits on files exist where fork does")
def test_warm_derivations_open_no_files_and_are_the_same_in_every_process() -> None:
    first, second = answer("1"), answer("4242")
    assert first["new"] == []
    assert [True if agrees is True else "lgamma" in agrees for agrees in first["agree"]] == [True] * len(PROGRAMS)
    assert first["said"] == second["said"]

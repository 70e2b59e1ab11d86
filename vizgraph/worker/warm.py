"""Load what jobs will need before the first one comes.

torch, sympy and Graphviz load much of themselves at the first use. Whatever the
zygote has used is there in every child; what only a child has used is loaded by
each child anew. Drawings are never laid out in a process that must live, so a
forked child tries one and reports which modules that took.
"""

from __future__ import annotations

import contextlib
import json
import os
import pkgutil
import select
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from vizgraph import texts
from vizgraph.worker import protocol
from vizgraph.worker.protocol import Data

EVERYTHING: Final = ("form", "run", "derivation", "player", "board")
Stages: TypeAlias = Callable[[Data], Iterable[tuple[str, Any]]]

_PATIENCE = 10.0  # seconds for the trial in a child

# One job per part of torch and sympy that loads late: products, curves, choices, losses, writes, training, refusals.
_PROGRAMS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\ny = torch.zeros(3)\n"
        "y[0] = x[0] * x[1]\ny[1] = x.sum()\ny[2] = 2 * x[2] ** 3\nprint(y)\n"
        "y.backward(torch.tensor([0.1, 0.2, 0.3]))\nprint(x.grad)\n",
        {},
    ),
    ("y1 = sin(a)*exp(b) + log(c)\ny2 = sqrt(a*c)/b - tanh(b)", {"a": 1, "b": 2, "c": 3}),
    ("y = sigmoid(x @ w + b)\nl = -log(softmax(y, dim=0))\nz = l.mean()", {"x": [[1, 2], [3, 4]], "w": [1, 2], "b": 1}),
    ("y = relu(x).max() + abs(x).sum() + torch.where(x > 1, x, x ** 2).norm()", {"x": [1, 2, 3]}),
    (
        "import torch\nimport numpy as np\nnp.random.seed(0)\nx = torch.tensor(np.random.randn(2))\n"
        "print(torch.func.grad(lambda t: t.sum())(x), torch.func.jacrev(torch.sin)(x))\n"
        "value, pull = torch.func.vjp(torch.sin, x)\nprint(pull(torch.ones_like(x)))\n"
        "print(torch.func.jvp(torch.sin, (x,), (x,)))\n",
        {},
    ),
    (
        "import torch\nm = torch.nn.Linear(2, 1)\no = torch.optim.Adam(m.parameters())\no.zero_grad()\n"
        "with torch.autograd.detect_anomaly():\n    m(torch.ones(3, 2)).sum().backward()\no.step()\n"
        "torch.autograd.gradcheck(torch.sin, torch.ones(1, dtype=torch.float64, requires_grad=True))\n",
        {},
    ),
    ("y = x +", {}),
)


def jobs() -> tuple[Data, ...]:
    """The jobs that are run once before the zygote says that it is ready."""
    return tuple(
        {"source": source, "values": values, "requires_grad": None, "gradient": None} for source, values in _PROGRAMS
    )


def load(name: str) -> Callable[..., Any]:
    """Import ``module:function``, which our own command line names."""
    function: Callable[..., Any] = pkgutil.resolve_name(name)
    return function


def warm(stages: Stages) -> None:
    """Read the languages, and do every job in this process, with the layout that needs no Graphviz."""
    texts.load()  # a child may open no file
    for job in jobs():
        _run(stages, {**job, "layout": "rows"}, list(EVERYTHING))


def rehearse(stages: Stages) -> None:
    """Do what jobs mostly do, in a child: the pages that this writes are its own by the time of its job."""
    for job in jobs()[:2]:
        _run(stages, job, ["form", "player"])


def fork_holds(stages: Stages) -> bool:
    """Try a whole job in a forked child, load here what it had to load, and say whether it went well.

    A child in which torch can't work (its threads for an accelerator don't survive
    a fork) fails or hangs: then jobs must not be forked at all.
    """
    here = dict(_run(stages, jobs()[0], ["form"]))
    report = _in_child(stages)
    if report is None:
        return False
    for name in report["modules"]:
        with contextlib.suppress(ImportError, AttributeError):
            pkgutil.resolve_name(name)
    return bool(report["form"] == here.get("form"))


def _run(stages: Stages, job: Data, want: list[str]) -> list[tuple[str, Any]]:
    """A job that fails is no reason not to start: the user will read why."""
    done = []
    with contextlib.suppress(Exception):
        for stage in stages({**job, "want": want}):
            done.append(stage)
    return done


def _in_child(stages: Stages) -> dict[str, Any] | None:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            protocol.write_all(writer, protocol.dump(_try_everything(stages)) + b"\n")
        finally:
            os._exit(0)
    os.close(writer)
    try:
        return _last_report(reader)
    finally:
        os.close(reader)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _try_everything(stages: Stages) -> dict[str, Any]:
    before = set(sys.modules)
    form = dict(_run(stages, jobs()[0], ["form"])).get("form")
    _run(stages, jobs()[0], list(EVERYTHING))
    return {"form": form, "modules": sorted(set(sys.modules) - before)}


def _last_report(reader: int) -> dict[str, Any] | None:
    lines = protocol.Lines()
    while select.select([reader], [], [], _PATIENCE)[0]:
        piece = os.read(reader, protocol.CHUNK)
        for line in lines.feed(piece):
            report: dict[str, Any] = json.loads(line)
            return report
        if not piece:
            break
    return None

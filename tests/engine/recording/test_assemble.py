"""Give ids that are short, stable and the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.engine.real import ours

X = "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"
PROGRAM = """import torch
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
w = torch.randn(3, requires_grad=True)
y = torch.zeros(3)
y[0] = x[0] * w[1]
y[1:] = (x * w)[:2].exp()
z = (y * y.detach()).sum() + torch.linalg.norm(w)
z.backward()
print(z, x.grad, z.grad_fn)
"""


def test_ids_are_names_of_leaves_and_numbered_operations() -> None:
    run = ours(f"{X}c = torch.ones(3)\ny = x * c\nz = (y * y).sum()\nz.backward()")
    assert [call.id for call in run.calls] == ["x", "c", "mul_1", "mul_2", "sum_1"]
    assert [node.id for node in run.graph.nodes] == ["x", "mul_1", "mul_2", "sum_1"]
    assert [edge.id for edge in run.graph.edges] == [
        "x__mul_1__0",
        "mul_1__mul_2__0",
        "mul_1__mul_2__1",
        "mul_2__sum_1__0",
    ]


@pytest.mark.parametrize(
    "names",
    [
        "mul_1 = torch.ones(3)\n",
        f"{'n' * 60} = torch.ones(3)\n",
        "α = torch.ones(3)\n",
        "a = torch.ones(3)\na = torch.zeros(3)\n",
    ],
)
def test_ids_are_unique_short_and_plain_whatever_the_names_are(names: str) -> None:
    run = ours(f"{X}{names}y = x * {names.split(' =', maxsplit=1)[0]}\ny.sum().backward()")
    ids = [call.id for call in run.calls] + [
        node.id for node in run.graph.nodes if not any(c.id == node.id for c in run.calls)
    ]
    assert len(ids) == len(set(ids))
    assert all(one.replace("_", "a").isalnum() and not one[0].isdigit() and len(one) <= 40 for one in ids)


def test_every_edge_joins_two_nodes_of_the_graph_in_forward_order() -> None:
    run = ours(PROGRAM)
    place = {node.id: number for number, node in enumerate(run.graph.nodes)}
    assert len({edge.id for edge in run.graph.edges}) == len(run.graph.edges)
    assert all(place[edge.source] < place[edge.target] for edge in run.graph.edges)
    assert [node.kind for node in run.graph.nodes if node.kind == "leaf"] == ["leaf", "leaf"]
    assert run.graph.outputs == tuple(node.id for node in run.graph.nodes if node.kind == "output")


def test_a_node_has_the_name_text_value_and_place_of_its_call() -> None:
    run = ours(f"{X}y = x * 2\nz = y.sum()\nz.backward()")
    node = next(node for node in run.graph.nodes if node.name == "y")
    assert (node.operation, node.grad_fn, node.expression, node.shape, node.dtype) == (
        "mul",
        "MulBackward0",
        "x * 2",
        (3,),
        "float32",
    )
    assert node.value is not None
    assert node.value.entries == (2.0, 4.0, 6.0)
    assert node.span is not None
    assert (node.span.line, node.span.column, node.span.end_column) == (3, 5, 10)


def test_a_failed_program_shows_the_graph_that_exists() -> None:
    run = ours(f"{X}y = x * 2\nz = y.sum()\nu = y + torch.ones(2)")
    assert [node.id for node in run.graph.nodes] == ["x", "mul_1", "sum_1"]
    assert run.graph.outputs == ()
    assert run.error is not None
    assert run.error.node == "mul_1"


def test_the_same_program_gives_the_same_bytes_in_every_process() -> None:
    code = (
        f"import json, vizgraph\np = vizgraph.visualize({PROGRAM!r})\nprint(json.dumps(p.to_dict()))\n"
        "print(p.dot(), p.dot('engine'))\nprint(p.svg())\nprint(p.html())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 10_000

"""Free deep graphs that were looked at, on a small stack."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch

from vizgraph.engine.recording.release import DEPTH, KEY, Landings
from vizgraph.engine.recording.walk import walk

# 3,000 functions that torch frees from within each other, once Python has seen them, need half a megabyte of stack
PROGRAM = """
import threading, torch, vizgraph

def chain():
    y = x
    for _ in range(1_500):
        y = (y * 1.0001).exp()
    return y.sum()

def traced():
    loss = chain()
    shown = vizgraph.trace(loss)
    assert len(shown.run.graph.nodes) > 3_000
    return [loss], shown

def recorded():
    with vizgraph.record() as recording:
        loss = chain()
    return [loss], recording

def second_layer():
    with vizgraph.record() as recording:
        loss = torch.autograd.grad(chain(), x, create_graph=True)[0].sum()
    return [loss], recording

threading.stack_size(256 * 1024)
x = torch.zeros(2, requires_grad=True)
for make in (traced, recorded, second_layer):
    graph, result = make()
    freeing = threading.Thread(target=graph.clear)
    freeing.start()
    freeing.join()
    print(make.__name__, flush=True)
"""


def test_a_deep_graph_is_freed_on_a_small_stack() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.split() == ["traced", "recorded", "second_layer"], done.stderr[-2000:]
    assert done.returncode == 0


def test_no_path_is_longer_than_what_lies_between_two_functions_that_hold_their_inputs() -> None:
    x = torch.ones(2, requires_grad=True)
    one, other = x, x * 2
    for turn in range(5 * DEPTH):
        one, other = other + one, one * other if turn % 7 else other
    functions = walk([other.grad_fn])
    Landings().place(functions)
    free = {}
    for function in functions:
        inputs = [source for source, _ in function.next_functions if source is not None]
        held = KEY in function.metadata
        assert not held or function.metadata[KEY] == tuple(inputs)
        free[function] = 0 if held else 1 + max((free[source] for source in inputs), default=0)
    assert max(free.values()) <= DEPTH
    assert sum(KEY in function.metadata for function in functions) >= 4


def test_a_shallow_graph_is_left_as_it_is() -> None:
    y = torch.ones(2, requires_grad=True)
    for _ in range(DEPTH - 1):
        y = y * 2
    functions = walk([y.grad_fn])
    Landings().place(functions)
    assert not any(dict(function.metadata) for function in functions)

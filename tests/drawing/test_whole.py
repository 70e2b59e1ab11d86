"""Write all of a graph as DOT, and read in it what autograd holds."""

from __future__ import annotations

import re

import pygraphviz
import torch

import vizgraph

NODE = re.compile(r'^  "([^"]+)" \[label="([^"]*)"\];$', re.MULTILINE)
EDGE = re.compile(r'^  "([^"]+)" -> "([^"]+)"(?: \[label="([^"]*)"\])?;$', re.MULTILINE)


def test_every_function_and_every_edge_of_a_long_chain_is_written() -> None:
    y = torch.ones(3, requires_grad=True)
    for _ in range(2_000):
        y = y * 1.0001
    text = vizgraph.trace(y.sum()).dot("engine", all_nodes=True)
    labels = [label for _, label in NODE.findall(text)]
    assert len(labels) == 2_002
    assert sum("MulBackward0" in label for label in labels) == 2_000
    assert len(EDGE.findall(text)) == 2_001


def test_an_edge_says_the_norm_of_what_it_contributes() -> None:
    a, b = torch.tensor([3.0, 4.0], requires_grad=True), torch.tensor([1.0, 2.0], requires_grad=True)
    text = vizgraph.trace((a * b).sum()).dot("engine", all_nodes=True)
    told = {source: label for source, target, label in EDGE.findall(text) if target.startswith("mul")}
    assert told == {"a": f"{b.norm():.4g}", "b": f"{a.norm():.4g}"}


def test_an_edge_says_which_result_it_takes_other_than_the_first() -> None:
    one, other = torch.tensor([3.0, 4.0], requires_grad=True).unbind()
    text = vizgraph.trace(one * other).dot("engine", all_nodes=True)
    assert sorted(label for source, _, label in EDGE.findall(text) if source.startswith("unbind")) == ["3 [1]", "4"]


def test_graphviz_reads_any_name() -> None:
    x = torch.ones(2, requires_grad=True)
    name = 'a "b" \\N <b>\\'
    text = vizgraph.trace((x * 2).sum(), names={name: x}).dot("engine", all_nodes=True)
    read = pygraphviz.AGraph(string=text)
    assert len(read.nodes()) == 3
    assert len(read.edges()) == 2
    assert any(name.replace("\\", "\\\\") in node.attr["label"].replace('\\"', '"') for node in read.nodes())

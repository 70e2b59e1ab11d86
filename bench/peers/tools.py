"""Use each tool as its documentation says: make its graph of a module's run, and a picture of that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn


@dataclass(frozen=True)
class Tool:
    """``graph`` runs the module and gives the tool's whole result (to DOT, where the tool speaks DOT);
    ``picture`` draws that; ``gradients`` says whether the gradient of every edge is in it."""

    graph: Callable[[nn.Module, Any], Any]
    picture: Callable[[Any], Any] | None
    gradients: bool


def _vizgraph(module: nn.Module, given: Any) -> Any:
    import vizgraph

    picture = vizgraph.trace(module(given), names=module)
    assert picture.dot("engine", all_nodes=True)
    return picture


def _torchviz(module: nn.Module, given: Any) -> Any:
    import torchviz

    dot = torchviz.make_dot(module(given), params=dict(module.named_parameters()))
    assert dot.source
    return dot


def _torchview(module: nn.Module, given: Any) -> Any:
    import torchview

    dot = torchview.draw_graph(
        module, input_data=given, device="cpu", depth=100, hide_module_functions=False
    ).visual_graph
    assert dot.source
    return dot


def _torchlens(module: nn.Module, given: Any) -> Any:
    import torchlens
    from torchlens.options import CaptureOptions

    log = torchlens.trace(module, given, capture=CaptureOptions(backward_ready=True, save_grads="all"))
    log.log_backward(log[log.output_layers[0]].out)
    return log


def _forward(module: nn.Module, given: Any) -> Any:
    """The plain run that all others are measured by."""
    loss = module(given)
    torch.autograd.grad(loss, [one for one in module.parameters() if one.requires_grad], allow_unused=True)
    return loss


def _drawn(dot: Any) -> Any:
    """By the program dot, as the tools do it; where there is none, by the Graphviz that vizgraph brings."""
    if shutil.which("dot") is not None:
        return dot.pipe("svg")
    import pygraphviz

    return pygraphviz.AGraph(string=dot.source).draw(format="svg", prog="dot")


TOOLS: Final = {
    "plain pass": Tool(_forward, None, False),
    "vizgraph": Tool(_vizgraph, lambda picture: picture.svg(), True),
    "torchviz": Tool(_torchviz, _drawn, False),
    "torchview": Tool(_torchview, _drawn, False),
    "torchlens": Tool(_torchlens, lambda log: log.draw(vis_save_only=True), True),
}

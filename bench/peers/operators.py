"""Count for one tool in how many operators of PyTorch's database it has every function, edge and edge gradient."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from torch import Tensor, nn
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils._pytree import tree_flatten, tree_leaves, tree_unflatten

from tests.engine.operators import assert_exact, bits_of, reached

# functions, edges, edge gradients: found by the tool, where it has them
Found = tuple[bool, bool, bool]


class Operator(nn.Module):
    """The first differentiable sample of an operator, as a module of its tensors whose result is one number.

    Which of its results count is settled before: some tools run the module where nothing requires grad."""

    def __init__(self, operator: Any) -> None:
        super().__init__()
        self.operator = operator
        samples = operator.sample_inputs("cpu", torch.float32, requires_grad=True)
        self.sample, self.places = next((one, found) for one in samples if (found := self._differentiable(one)))
        self.arguments, self.shape = tree_flatten((self.sample.input, self.sample.args, self.sample.kwargs))
        self.given = [place for place, one in enumerate(self.arguments) if _requires_grad(one)]
        self.inputs = [self.arguments[place] for place in self.given]

    def forward(self, *inputs: Tensor) -> Tensor:
        arguments = [*self.arguments]
        for place, one in zip(self.given, inputs, strict=True):
            arguments[place] = one
        results = self._results(self.sample, *tree_unflatten(arguments, self.shape))
        parts = [results[place] for place in self.places]
        return functools.reduce(torch.add, [(part.abs() if part.is_complex() else part).sum() for part in parts])

    def _differentiable(self, sample: Any) -> list[int]:
        results = self._results(sample, sample.input, sample.args, sample.kwargs)
        return [place for place, one in enumerate(results) if _requires_grad(one)]

    def _results(self, sample: Any, first: Any, args: Any, kwargs: Any) -> list[Any]:
        return tree_leaves(sample.output_process_fn_grad(self.operator(first, *args, **kwargs)))


def _requires_grad(one: Any) -> bool:
    return isinstance(one, Tensor) and one.requires_grad


def main() -> None:
    warnings.simplefilter("ignore")
    name = sys.argv[1]
    operators = [one for one in op_db if one.supports_autograd and torch.float32 in one.dtypes]
    torch.set_num_threads(1)
    count: Counter[str] = Counter()
    for operator in operators:
        torch.manual_seed(0)
        module = Operator(operator)
        with contextlib.redirect_stdout(sys.stderr):
            try:
                functions, edges, gradients = TOOLS[name](module)
            except Exception as error:  # noqa: BLE001 - whatever a tool raises is what it did
                print(operator.formatted_name, type(error).__name__, str(error)[:200], file=sys.stderr)
                count["failed"] += 1
                continue
        count["functions"] += functions
        count["edges"] += edges
        count["gradients"] += gradients
    print(json.dumps({"operators": len(operators), **count}))


def _vizgraph(module: Operator) -> Found:
    assert_exact(module(*module.inputs))
    return True, True, True


def _torchviz(module: Operator) -> Found:
    import torchviz

    loss = module(*module.inputs)
    functions, edges = _graph(loss)
    known = {str(id(function)) for function in functions}
    drawn = [line.strip().split(" ", 1)[0] for line in torchviz.make_dot(loss).body if "->" not in line]
    lines = [line.strip().split(" ") for line in torchviz.make_dot(loss).body if "->" in line]
    between = [one for one in lines if one[0] in known and one[2] in known]
    return known <= set(drawn), len(between) == edges, False


def _torchview(module: Operator) -> Found:
    import torchview

    functions, edges = _graph(module(*module.inputs))
    graph = torchview.draw_graph(module, input_data=module.inputs, device="cpu", depth=100, hide_module_functions=False)
    nodes = {node for edge in graph.edge_list for node in edge if type(node).__name__ == "FunctionNode"}
    operations = [function for function in functions if type(function).__name__ != "AccumulateGrad"]
    return len(nodes) >= len(operations), len(graph.edge_list) >= edges, False


def _torchlens(module: Operator) -> Found:
    import torchlens
    from torchlens.options import CaptureOptions

    log = torchlens.trace(module, module.inputs, capture=CaptureOptions(backward_ready=True, save_grads="all"))
    loss = log[log.output_layers[0]].out
    functions, edges = _graph(loss)
    heard: Counter[bytes] = Counter()

    def listen(delivered: Any, _: Any) -> None:
        heard.update(bits_of(one) for one in delivered if one is not None)

    # the first is torchlens' own: it hands out a copy of the result, and leaves that one out of what it tells
    users = [one for one in functions if one is not loss.grad_fn and type(one).__name__ != "AccumulateGrad"]
    handles = [one.register_hook(listen) for one in users]
    log.log_backward(loss)
    for handle in handles:
        handle.remove()
    saved = [one for call in log.grad_fn_calls for one in tree_leaves(call.grad_inputs) if isinstance(one, Tensor)]
    told = Counter(bits_of(one) for one in saved)
    return log.num_grad_fns == len(functions), log.num_backward_edges == edges, told == heard


def _graph(loss: Tensor) -> tuple[list[Any], int]:
    functions = reached(iter([loss.grad_fn]))
    return functions, sum(source is not None for one in functions for source, _ in one.next_functions)


TOOLS: Final[dict[str, Callable[[Operator], Found]]] = {
    "vizgraph": _vizgraph,
    "torchviz": _torchviz,
    "torchview": _torchview,
    "torchlens": _torchlens,
}

if __name__ == "__main__":
    main()

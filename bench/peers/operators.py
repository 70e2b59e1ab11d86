"""Count for one tool in how many operators of PyTorch's database it has every function, edge and edge gradient."""

from __future__ import annotations

import contextlib
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
from torch.utils._pytree import tree_leaves

from tests.engine.operators import assert_exact, bits_of, reached

# functions, edges, edge gradients: found by the tool, where it has them
Found = tuple[bool, bool, bool]


class Operator(nn.Module):
    """The first differentiable sample of an operator, as a module whose result is one number."""

    def __init__(self, operator: Any) -> None:
        super().__init__()
        self.operator = operator
        samples = operator.sample_inputs("cpu", torch.float32, requires_grad=True)
        self.sample = next(sample for sample in samples if self._parts(sample))

    def forward(self, one: Tensor) -> Tensor:
        parts = self._parts(self.sample)
        return sum((part.abs() if part.is_complex() else part).sum() * one for part in parts).sum()

    def _parts(self, sample: Any) -> list[Tensor]:
        result = sample.output_process_fn_grad(self.operator(sample.input, *sample.args, **sample.kwargs))
        return [part for part in tree_leaves(result) if isinstance(part, Tensor) and part.requires_grad]


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
    assert_exact(module(torch.ones(())))
    return True, True, True


def _torchviz(module: Operator) -> Found:
    import torchviz

    loss = module(torch.ones(()))
    functions, edges = _graph(loss)
    known = {str(id(function)) for function in functions}
    drawn = [line.strip().split(" ", 1)[0] for line in torchviz.make_dot(loss).body if "->" not in line]
    lines = [line.strip().split(" ") for line in torchviz.make_dot(loss).body if "->" in line]
    between = [one for one in lines if one[0] in known and one[2] in known]
    return known <= set(drawn), len(between) == edges, False


def _torchview(module: Operator) -> Found:
    import torchview

    functions, edges = _graph(module(torch.ones(())))
    graph = torchview.draw_graph(module, input_data=torch.ones(()), device="cpu", depth=100)
    nodes = {node for edge in graph.edge_list for node in edge if type(node).__name__ == "FunctionNode"}
    operations = [function for function in functions if type(function).__name__ != "AccumulateGrad"]
    return len(nodes) >= len(operations), len(graph.edge_list) >= edges, False


def _torchlens(module: Operator) -> Found:
    import torchlens
    from torchlens.options import CaptureOptions

    log = torchlens.trace(module, torch.ones(()), capture=CaptureOptions(backward_ready=True, save_grads="all"))
    loss = log[log.output_layers[0]].out
    functions, edges = _graph(loss)
    heard: Counter[bytes] = Counter()

    def listen(delivered: Any, _: Any) -> None:
        heard.update(bits_of(one) for one in delivered if one is not None)

    handles = [one.register_hook(listen) for one in functions if type(one).__name__ != "AccumulateGrad"]
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

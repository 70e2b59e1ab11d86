"""Name the modules that a program can import, and what each has in it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

import torch

from vizgraph.engine.evaluation import classes, operators, settings
from vizgraph.engine.evaluation.values import Maker, Namespace, Special, specials
from vizgraph.engine.library import (
    arrays,
    autograd,
    chance,
    collecting,
    copying,
    functions,
    initializing,
    iterating,
    loaders,
    modes,
    networks,
    optimizers,
    replaying,
    schedules,
    standard,
    transforms,
)

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def _old(name: str, dtype: torch.dtype) -> Special:
    """A class of tensors of old times: torch.Tensor, torch.LongTensor."""

    def make(i: Interpreter, node: ast.AST, *given: Any, **options: Any) -> Any:
        """Called with sizes it would give memory that nobody has written."""
        if len(given) == 1 and isinstance(given[0], (list, tuple, *arrays.ARRAYS)) and not options:
            return i.apply(functions.TORCH["tensor"], list(given), {"dtype": dtype}, node)
        raise i.refuse(node, f"torch.{name} of sizes is not in the language", "write torch.zeros(2, 3)")

    return Special(name, make)


def _size(i: Interpreter, node: ast.AST, sizes: Any = ()) -> torch.Size:
    return torch.Size(i.items(sizes, node))


def _variable(i: Interpreter, node: ast.AST, data: Any, requires_grad: bool = False) -> Any:
    """Do what is left of torch.autograd.Variable: the tensor itself."""
    return i.apply(functions.METHODS["requires_grad_"], [data, bool(requires_grad)], {}, node)


TENSOR: Final = _old("Tensor", torch.float32)
FUNCTIONAL: Final = Namespace("torch.nn.functional", functions.FUNCTIONAL)
INIT: Final = Namespace("torch.nn.init", initializing.INIT)
CLIPPING: Final = Namespace("torch.nn.utils", initializing.UTILS)
NN: Final = Namespace("torch.nn", networks.NN | {
    "functional": FUNCTIONAL, "init": INIT, "utils": CLIPPING, "Module": classes.MODULE,
})  # fmt: skip
SCHEDULES: Final = Namespace("torch.optim.lr_scheduler", schedules.SCHEDULES)
OPTIM: Final = Namespace("torch.optim", optimizers.OPTIM | {"lr_scheduler": SCHEDULES})
LINALG: Final = Namespace("torch.linalg", functions.LINALG)
FUNCTIONAL_OF_AUTOGRAD: Final = Namespace("torch.autograd.functional", transforms.FUNCTIONAL)
FUNC: Final = Namespace("torch.func", transforms.FUNC)
FORWARD: Final = Namespace("torch.autograd.forward_ad", replaying.FORWARD)
AUTOGRAD: Final = Namespace("torch.autograd", specials(autograd.AUTOGRAD) | modes.AUTOGRAD | transforms.CHECKS | {
    "functional": FUNCTIONAL_OF_AUTOGRAD,
    "function": Namespace("torch.autograd.function", {
        "Function": classes.FUNCTION, "once_differentiable": classes.DECORATORS["once_differentiable"],
    }),
    "graph": Namespace("torch.autograd.graph", replaying.GRAPH),
    "forward_ad": FORWARD,
    "Function": classes.FUNCTION, "Variable": Special("Variable", _variable),
})  # fmt: skip
MATH: Final = Namespace("math", functions.CONSTANTS | {
    name: Special(name, lambda i, node, *numbers, call=call: operators.bounded(call(*numbers)))
    for name, call in functions.MATH.items()
})  # fmt: skip
CUDA: Final = Namespace("torch.cuda", settings.CUDA)
NONE_HERE: Final = {
    name: Namespace(f"torch.{name}", settings.NO_ACCELERATOR) for name in ("mps", "xpu", "accelerator", "mtia")
}
BACKENDS: Final = Namespace("torch.backends", {
    "mps": Namespace("torch.backends.mps", settings.NO_ACCELERATOR), "cudnn": standard.HINT, "cuda": standard.HINT,
})  # fmt: skip
SEEDS: Final = Namespace("torch.random", {"manual_seed": Special("manual_seed", autograd.manual_seed)})
SPECIAL: Final = Namespace("torch.special", functions.SPECIAL)
NUMPY: Final = Namespace("numpy", arrays.NUMPY | {"random": Namespace("numpy.random", arrays.RANDOM)})
DATA: Final = Namespace("torch.utils.data", loaders.DATA)
CHECKPOINT: Final = Namespace("torch.utils.checkpoint", replaying.CHECKPOINT)
UTILS: Final = Namespace("torch.utils", {"data": DATA, "checkpoint": CHECKPOINT})
RANDOM: Final = Namespace("random", chance.RANDOM)
TORCH: Final = Namespace(
    "torch",
    functions.TORCH
    | functions.DTYPES
    | functions.CONSTANTS
    | modes.TORCH
    | specials(autograd.TORCH)
    | specials(settings.SETTINGS)
    | {
        "nn": NN,
        "linalg": LINALG,
        "autograd": AUTOGRAD,
        "optim": OPTIM,
        "func": FUNC,
        "utils": UTILS,
        "cuda": CUDA,
        "backends": BACKENDS,
        "random": SEEDS,
        "special": SPECIAL,
        "__version__": torch.__version__,
        "vmap": transforms.FUNC["vmap"],
        "Tensor": TENSOR,
        "Size": Maker("Size", _size, torch.Size),
    }
    | {name: _old(name, dtype) for name, dtype in autograd.OLD.items()}
    | NONE_HERE,
)

# What a textbook program may use without importing it.
MODULES: Final = {"torch": TORCH, "math": MATH, "nn": NN, "F": FUNCTIONAL, "optim": OPTIM}
IMPORTS: Final = {
    "torch": TORCH,
    "torch.nn": NN,
    "torch.nn.functional": FUNCTIONAL,
    "torch.linalg": LINALG,
    "torch.nn.init": INIT,
    "torch.nn.utils": CLIPPING,
    "torch.optim": OPTIM,
    "torch.autograd": AUTOGRAD,
    "torch.autograd.functional": FUNCTIONAL_OF_AUTOGRAD,
    "torch.func": FUNC,
    "torch.optim.lr_scheduler": SCHEDULES,
    "torch.autograd.function": AUTOGRAD.members["function"],
    "torch.autograd.graph": AUTOGRAD.members["graph"],
    "torch.autograd.forward_ad": FORWARD,
    "torch.utils": UTILS,
    "torch.utils.data": DATA,
    "torch.utils.checkpoint": CHECKPOINT,
    "math": MATH,
    "numpy": NUMPY,
    "random": RANDOM,
    "time": Namespace("time", standard.TIME),
    "collections": Namespace("collections", collecting.COLLECTIONS),
    "collections.abc": Namespace("collections.abc", standard.OF_COLLECTIONS),
    "itertools": Namespace("itertools", iterating.ITERTOOLS),
    "functools": Namespace("functools", iterating.FUNCTOOLS),
    "dataclasses": Namespace("dataclasses", collecting.DATACLASSES),
    "copy": Namespace("copy", copying.COPY),
    "typing": Namespace("typing", standard.TYPING),
    "abc": Namespace("abc", standard.ABC),
    "warnings": Namespace("warnings", standard.WARNINGS),
    "__future__": Namespace("__future__", standard.FUTURE),
}
DRAWN: Final = frozenset(
    "matplotlib mpl_toolkits pylab seaborn plotly bokeh altair IPython ipywidgets tqdm torchviz torchview torchsummary "
    "torchinfo graphviz networkx prettytable d2l".split()
)  # by the first name: they show something
QUIET: Final = frozenset("tqdm IPython".split())  # what these leave out nobody misses


def import_module(name: str, alias: str | None) -> tuple[str, Any] | None:
    """Return the name that ``import name as alias`` binds and its value, None for an unknown module."""
    top = name.split(".", maxsplit=1)[0]
    if name in IMPORTS:
        return (alias, IMPORTS[name]) if alias else (top, IMPORTS[top])
    return (alias or top, D2L if top == "d2l" else standard.HINT) if top in DRAWN else None


def import_name(module: str, name: str) -> Any:
    """Return what ``from module import name`` gives; KeyError where the language has no such thing."""
    top = module.split(".", maxsplit=1)[0]
    if top == "d2l":
        return D2L if name in ("torch", "d2l") else D2L.members[name]
    if top in DRAWN:
        return PROGRESS if name in ("tqdm", "trange") else standard.HINT
    found = IMPORTS.get(f"{module}.{name}")
    return found if found is not None else IMPORTS[module].members[name]


def is_drawing(module: str) -> bool:
    """Whether a module only draws: its calls are left out, and a note says so."""
    top = module.split(".", maxsplit=1)[0]
    return top in DRAWN and top not in QUIET


def _progress(i: Interpreter, node: ast.AST, items: Any, *given: Any, **named: Any) -> Any:
    """A bar of progress shows nothing here: what it goes through is what it is given."""
    return range(items) if isinstance(items, int) else items


PROGRESS: Final = Special("tqdm", _progress)
# The helpers of the book "Dive into Deep Learning" that only draw; its others are code to be pasted, too.
D2L: Final = Namespace("d2l", dict.fromkeys(
    "plt plot set_figsize set_axes use_svg_display show_images show_heatmaps show_trace_2d show_list_len_pair_hist "
    "annotate bbox_to_rect Animator ProgressBoard display".split(), standard.HINT,
) | {"try_gpu": Special("try_gpu", lambda i, node, number=0: torch.device("cpu"))})  # fmt: skip

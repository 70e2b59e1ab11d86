"""Call every function of the table in every place that it claims, and compare with torch."""

from __future__ import annotations

import pytest
import torch

from tests.engine.real import assert_agrees, assert_same, last_values, ours
from vizgraph.engine.library.functions import BARE, FUNCTIONAL, LINALG, METHODS, TORCH
from vizgraph.engine.library.table import TABLE

HEAD = """import torch
import torch.nn.functional as F
x = torch.tensor([0.5, 0.25, 0.75], requires_grad=True)
y = torch.tensor([0.3, 0.6, 0.9])
A = torch.tensor([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 2.0]], requires_grad=True)
B = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
b = torch.tensor([True, False, True])
n = torch.tensor([0, 2, 1])
C = torch.arange(12.0).reshape(1, 2, 6) / 10
"""

# The arguments of those that do not take one vector.
ARGUMENTS = {
    # pointwise
    "add": "x, y", "sub": "x, y", "subtract": "x, y", "mul": "x, y", "multiply": "x, y", "div": "x, y",
    "divide": "x, y", "true_divide": "x, y", "floor_divide": "x, y", "fmod": "x, y", "remainder": "x, y",
    "pow": "x, 3", "float_power": "x, y", "atan2": "x, y", "copysign": "x, y", "hypot": "x, y",
    "heaviside": "x, y", "logaddexp": "x, y", "xlogy": "x, y", "maximum": "x, y", "minimum": "x, y",
    "eq": "x, y", "ne": "x, y", "lt": "x, y", "le": "x, y", "gt": "x, y", "ge": "x, y", "isclose": "x, y",
    "logical_and": "b, b", "logical_or": "b, b", "logical_xor": "b, b", "logical_not": "b",
    "addcdiv": "x, y, y", "addcmul": "x, y, y", "lerp": "x, y, 0.25", "where": "b, x, y", "masked_fill": "x, b, 2.0",
    "clamp": "x, 0.3, 0.6", "clip": "x, 0.3, 0.6", "clamp_min": "x, 0.3", "clamp_max": "x, 0.3",
    "acosh": "x + 1", "max": "A, 1", "min": "A, 1",
    "bitwise_and": "n, n", "bitwise_or": "n, n", "bitwise_xor": "n, n", "bitwise_not": "n",
    "bitwise_left_shift": "n, n", "bitwise_right_shift": "n, n", "arctan2": "x, y", "fmax": "x, y", "fmin": "x, y",
    "gcd": "n, n", "lcm": "n, n", "greater": "x, y", "greater_equal": "x, y", "less": "x, y", "less_equal": "x, y",
    "not_equal": "x, y", "ldexp": "x, n", "logaddexp2": "x, y", "isin": "n, n[:2]", "polygamma": "1, x",
    "arccosh": "x + 1",
    # reductions
    "cummin": "x, 0", "dist": "x, y", "kthvalue": "x, 2", "mode": "n", "quantile": "x, 0.5", "nanquantile": "x, 0.5",
    "renorm": "A, 2, 0, 1.0", "cumulative_trapezoid": "x, y", "trapezoid": "x, y", "trapz": "x, y",
    "allclose": "x, y", "equal": "x, y", "cummax": "x, 0", "cumprod": "x, 0", "cumsum": "x, 0",
    "logcumsumexp": "x, 0", "logsumexp": "x, 0", "trace": "A", "matrix_norm": "A", "all": "b", "any": "b",
    # shapes
    "broadcast_to": "x, (2, 3)", "diagonal": "A", "expand": "x, 2, 3", "expand_as": "x, B", "flip": "x, (0,)",
    "movedim": "B, 0, 1", "moveaxis": "B, 0, 1", "narrow": "x, 0, 1, 2", "permute": "B, (1, 0)", "repeat": "x, 2",
    "repeat_interleave": "x, 2", "reshape": "A, (9,)", "reshape_as": "x, y", "roll": "x, 1",
    "swapaxes": "B, 0, 1", "t": "A", "tile": "x, (2,)", "transpose": "A, 0, 1", "unflatten": "x, 0, (3, 1)",
    "unfold": "x, 0, 2, 1", "unsqueeze": "x, 0", "view": "A, 9", "view_as": "x, y",
    "swapdims": "B, 0, 1", "rot90": "A", "fliplr": "A", "flipud": "A", "atleast_1d": "x", "broadcast_tensors": "x, B",
    # products
    "addbmm": "torch.ones(2, 2), C, C.mT", "addr": "A, x, y", "corrcoef": "A", "cov": "A", "ger": "x, y",
    "chain_matmul": "A, A, A", "lstsq": "A, B.mT", "matrix_rank": "A", "cond": "A", "lu_factor": "A", "vecdot": "x, y",
    "addmm": "B, B, A", "addmv": "y, A, x", "baddbmm": "C, torch.ones(1, 2, 3), torch.ones(1, 3, 6)",
    "bmm": "C, torch.ones(1, 6, 2)", "cholesky": "A", "cross": "x, y", "det": "A", "dot": "x, y", "eigh": "A",
    "eigvalsh": "A", "einsum": "'ij,j->i', A, x", "inner": "x, y", "inv": "A", "inverse": "A", "kron": "x, y",
    "logdet": "A", "matmul": "A, x", "matrix_exp": "A", "matrix_power": "A, 3", "mm": "A, A", "multi_dot": "[B, A, A]",
    "mv": "A, x", "outer": "x, y", "pinv": "A", "qr": "A", "slogdet": "A", "solve": "A, x",
    "solve_triangular": "A, A, upper=True", "svd": "A",
    "svdvals": "A", "tensordot": "A, B, ([1], [1])", "vdot": "x, y", "cdist": "B, B",
    # selections
    "bincount": "n", "cat": "[x, y]", "concat": "[x, y]", "chunk": "x, 2", "gather": "x, 0, n", "hstack": "[x, y]",
    "index_add": "x, 0, n, y", "index_fill": "x, 0, n, 1.0", "index_select": "x, 0, n",
    "masked_scatter": "x, b, y", "scatter": "x, 0, n, y", "scatter_add": "x, 0, n, y", "select": "A, 0, 1",
    "split": "x, 2", "stack": "[x, y]", "take": "x, n", "take_along_dim": "x, n", "tensor_split": "x, 2",
    "topk": "x, 2", "tril": "A", "triu": "A", "vstack": "[x, y]", "column_stack": "[x, y]",
    "meshgrid": "x, y, indexing='ij'",
    "masked_select": "x, b", "unique": "n",
    "diagonal_scatter": "A, y", "dsplit": "C, 2", "hsplit": "A, 3", "histc": "y, 4", "select_scatter": "A, y, 0, 1",
    "slice_scatter": "x, y, 0", "vsplit": "A, 3", "index_copy": "x, 0, n, y", "index_put": "x, (n,), y",
    "scatter_reduce": "x, 0, n, y, reduce='sum'", "block_diag": "x, A", "bucketize": "x, torch.tensor([0.3, 0.6])",
    "cartesian_prod": "x, y", "dstack": "[x, y]", "row_stack": "[x, y]", "searchsorted": "torch.tensor([0.3, 0.6]), x",
    # networks
    "adaptive_avg_pool1d": "C, 2", "adaptive_avg_pool2d": "C, 2", "adaptive_max_pool1d": "C, 2",
    "adaptive_max_pool2d": "C, 2", "fold": "C, (2, 3), (1, 1)",
    "conv3d": "C.view(1, 1, 2, 2, 3), torch.ones(1, 1, 1, 1, 2)",
    "group_norm": "C, 1", "rms_norm": "x, (3,)", "instance_norm": "C", "local_response_norm": "C, 2",
    "pixel_shuffle": "torch.ones(1, 4, 2, 2) * x[0], 2", "pixel_unshuffle": "torch.ones(1, 1, 2, 2) * x[0], 2",
    "dropout1d": "C", "dropout2d": "torch.ones(1, 2, 2, 2) * x[0]", "gumbel_softmax": "x, dim=0",
    "dropout": "x, 0.5", "glu": "torch.ones(4)", "layer_norm": "x, (3,)", "normalize": "x, dim=0",
    "prelu": "x, torch.tensor([0.1])", "softmax": "x, 0", "log_softmax": "x, 0", "softmin": "x, 0",
    "threshold": "x, 0.4, 2.0", "linear": "x, A", "bilinear": "x, y, torch.ones(2, 3, 3)", "embedding": "n, A",
    "one_hot": "n", "pad": "x, (1, 1)", "conv1d": "C, torch.ones(1, 2, 3)", "avg_pool1d": "C, 2", "max_pool1d": "C, 2",
    "conv_transpose1d": "C, torch.ones(2, 1, 3)", "interpolate": "C, scale_factor=2",
    "conv_transpose2d": "C.view(1, 2, 2, 3), torch.ones(2, 1, 2, 2)",
    "conv2d": "C.view(1, 1, 2, 6), torch.ones(1, 1, 2, 2)", "avg_pool2d": "C, 2", "max_pool2d": "C, 2",
    "batch_norm": "B, None, None, training=True", "cosine_similarity": "B, B + 1", "pairwise_distance": "B, B + 1",
    "scaled_dot_product_attention": "C, C, C",
    # losses
    "binary_cross_entropy": "x, y", "binary_cross_entropy_with_logits": "x, y", "cross_entropy": "A, n",
    "huber_loss": "x, y", "kl_div": "x, y, reduction='sum'", "l1_loss": "x, y", "mse_loss": "x, y",
    "nll_loss": "A, n", "smooth_l1_loss": "x, y", "hinge_embedding_loss": "x, y",
    "margin_ranking_loss": "x, y, y", "triplet_margin_loss": "A, A + 1, A - 1",
    "cosine_embedding_loss": "A, A + 1, torch.ones(3)", "gaussian_nll_loss": "x, y, y", "multi_margin_loss": "A, n",
    "multilabel_soft_margin_loss": "A, A", "poisson_nll_loss": "x, y", "soft_margin_loss": "x, y",
    # creation
    "arange": "1.0, 4.0", "empty": "2", "eye": "2", "full": "(2,), 3.0", "full_like": "x, 3.0",
    "linspace": "0.0, 1.0, 5", "logspace": "0.0, 1.0, 3", "normal": "0.0, 1.0, (2,)",
    "ones": "2, 3", "rand": "3", "randint": "0, 9, (3,)",
    "randn": "2", "randperm": "4", "tensor": "[1.0, 2.0]", "zeros": "2", "as_tensor": "[1.0]", "multinomial": "y, 2",
    "new_zeros": "x, 2", "new_ones": "x, 2", "new_full": "x, (2,), 3.0", "new_tensor": "x, [1.0]",
    "tril_indices": "2, 3", "triu_indices": "2, 3",
    # the rest
    "to": "x, torch.float64", "type_as": "x, n", "fill_": "y, 2.0", "copy_": "y, y + 1", "item": "x[0]",
    "is_grad_enabled": "", "requires_grad_": "y", "detach_": "x + 1", "zero_": "y", "uniform_": "y", "normal_": "y",
    "bernoulli": "y", "clamp_max_": "y, 0.5", "clamp_min_": "y, 0.5", "fill_diagonal_": "A.detach(), 2.0",
    "masked_scatter_": "y, b, y + 1", "broadcast_shapes": "(2, 1), (3,)", "can_cast": "torch.float32, torch.int64",
    "is_nonzero": "y[0]", "is_same_size": "x, y", "promote_types": "torch.float32, torch.int64", "result_type": "x, 1",
    "bernoulli_": "y", "exponential_": "y", "random_": "y, 0, 9", "poisson": "y",
}  # fmt: skip
# Where a place wants other arguments than the rest.
ELSEWHERE = {
    ("where", "m"): "x, b, y",
    ("unfold", "f"): "torch.ones(1, 1, 2, 3) * x, (1, 2)",
    ("dropout", "t"): "x, 0.5, True",
    ("kl_div", "t"): "x, y, reduction=1",
}
UNWRITTEN_MEMORY = {"empty", "empty_like"}


def split_first(arguments: str) -> tuple[str, str]:
    """The first of some arguments, and the rest."""
    depth = 0
    for place, character in enumerate(arguments):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            return arguments[:place], arguments[place + 1 :].strip()
    return arguments, ""


def written(name: str, letter: str) -> str:
    """The function called in one of its places, as a line of a program."""
    arguments = ELSEWHERE.get((name, letter)) or ARGUMENTS.get(name, "x")
    if letter == "m":
        first, rest = split_first(arguments)
        return f"z = ({first}).{name}({rest})"
    if letter == "i":
        first, rest = split_first(arguments)
        return f"z = ({first}).clone()\nz = z.{name}_({rest})"
    return f"z = { ({'t': 'torch.', 'f': 'F.', 'l': 'torch.linalg.', 'b': ''}[letter]) }{name}({arguments})"


PLACES = [(name, letter) for name, _, where in TABLE for letter in where]


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("name", "letter"), [place for place in PLACES if place[1] != "b" and place[0] not in UNWRITTEN_MEMORY]
)
def test_a_function_gives_what_torch_gives(name: str, letter: str) -> None:
    assert assert_agrees(f"{HEAD}{written(name, letter)}\nprint(z)\n").error is None


@pytest.mark.parametrize("name", [name for name, letter in PLACES if letter == "b"])
def test_a_bare_name_is_the_function_of_torch(name: str) -> None:
    """In a textbook the same function stands alone: it gives what the program with torch. in front gives."""
    line = written(name, "b")
    values = HEAD.replace("import torch\nimport torch.nn.functional as F\n", "").replace(", requires_grad=True", "")
    home = next(
        home for home, table in (("torch.", TORCH), ("F.", FUNCTIONAL), ("torch.linalg.", LINALG)) if name in table
    )
    bare = ours(values + "x.requires_grad_()\nA.requires_grad_()\n" + line)
    full = ours(HEAD + line.replace(f"{name}(", f"{home}{name}(", 1))
    assert last_values(bare).get("z") == last_values(full).get("z")
    assert [leaf.grad for leaf in bare.leaves] == [leaf.grad for leaf in full.leaves]


def test_empty_memory_is_never_shown() -> None:
    run = ours("import torch\ny = torch.empty(3)\nz = torch.empty_like(y)")
    assert_same(last_values(run)["y"], torch.zeros(3), "y")
    assert_same(last_values(run)["z"], torch.zeros(3), "z")


def test_the_table_has_every_name_once_and_enough_of_them() -> None:
    names = [name for name, _, _ in TABLE]
    assert len(names) == len(set(names))
    assert len(names) >= 250
    assert set(ARGUMENTS) <= set(names)


def test_every_bound_function_is_torchs_own() -> None:
    """The tables are literal: no name of a user ever chooses an attribute."""
    for table in (TORCH, METHODS, FUNCTIONAL, LINALG, BARE):
        assert all(callable(function.call) for function in table.values())
        assert not any(name.startswith("_") for name in table)

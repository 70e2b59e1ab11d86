"""Read what a person reads when a program goes wrong: the sentence, its place, what to do."""

from __future__ import annotations

import re

import pytest

from tests.engine.real import ours, real
from vizgraph.engine.evaluation.faults import advice, explained, plain, sentence
from vizgraph.errors import VizgraphError
from vizgraph.model import Span

T = "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"

# What is wrong, the beginning of the sentence, line and column, and a part of the hint.
WRONG = {
    "no gradient": (
        f"{T}y = x * x\ny.backward()",
        "grad can be implicitly created only for scalar outputs",
        (4, 1),
        "torch.ones_like",
    ),
    "wrong gradient shape": (
        f"{T}y = x * x\ny.backward(torch.ones(2))",
        "Mismatch in shape: grad_output[0] has a shape of",
        (4, 1),
        "the shape",
    ),
    "second backward": (
        f"{T}y = (x * x).sum()\ny.backward()\ny.backward()",
        "Trying to backward through the graph a second time",
        (5, 1),
        "retain_graph=True",
    ),
    "nothing requires grad": (
        "import torch\ny = torch.ones(2).sum()\ny.backward()",
        "element 0 of tensors does not require grad",
        (3, 1),
        "requires_grad=True",
    ),
    "integers": (
        "import torch\nx = torch.tensor([1, 2], requires_grad=True)",
        "Only Tensors of floating point",
        (2, 5),
        "1.0",
    ),
    "in place on a leaf": (f"{T}x += 1", "a leaf Variable that requires grad is being used", (3, 1), "no_grad"),
    "write into a leaf": (f"{T}x[0] = 1", "a view of a leaf Variable that requires grad", (3, 1), "clone"),
    "overwritten": (
        f"{T}y = x.exp()\ny.mul_(2)\ny.sum().backward()",
        "one of the variables needed for gradient computation",
        (5, 1),
        "overwritten",
    ),
    "shapes": (
        f"{T}y = x + torch.ones(2)",
        "The size of tensor a (3) must match the size of tensor b (2)",
        (3, 5),
        "broad",
    ),
    "matmul": (f"{T}y = torch.ones(2, 2) @ x", "size mismatch", (3, 5), "inner sizes"),
    "matrices": ("import torch\ny = torch.ones(2, 3) @ torch.ones(2, 3)", "mat1 and mat2 shapes", (2, 5), "columns"),
    "dot": (f"{T}y = torch.dot(x, torch.ones(2))", "inconsistent tensor size", (3, 5), "same length"),
    "index": (f"{T}y = x[5]", "index 5 is out of bounds for dimension 0 with size 3", (3, 5), "count from 0"),
    "indices": (f"{T}y = x[0, 0]", "too many indices for tensor of dimension 1", (3, 5), "one index"),
    "index type": (f"{T}y = x[1.5]", "only integers, slices", (3, 5), "whole number"),
    "reshape": (
        f"{T}y = x.reshape(2, 2)",
        "shape '[2, 2]' is invalid for input of size 3",
        (3, 5),
        "product of the sizes",
    ),
    "cat": (
        f"{T}y = torch.cat([torch.ones(1, 2), torch.ones(1, 3)])",
        "Sizes of tensors must match except",
        (3, 5),
        "equal",
    ),
    "truth": (
        f"{T}if x > 0:\n    pass",
        "Boolean value of Tensor with more than one value is ambiguous",
        (3, 4),
        ".all()",
    ),
    "division": ("import torch\ny = 1 / 0", "division by zero", (2, 5), "tensor would give inf"),
    "power": ("import torch\ny = 0.0 ** -1", "0.0 cannot be raised to a negative power", (2, 5), "tensor"),
    "list index": ("import torch\na = [1]\nb = a[3]", "list index out of range", (3, 5), "count from 0"),
    "call of a tensor": (f"{T}y = x(2)", "'Tensor' object is not callable", (3, 5), "write *"),
    "unpack": (f"{T}a, b = x", "too many values to unpack (expected 2)", (3, 1), None),
    "unpack few": ("import torch\na, b = [1]", "not enough values to unpack (expected 2, got 1)", (2, 1), None),
    "undefined": (f"{T}y = sine + 1", "name 'sine' is not defined", (3, 5), None),
    "iterate a number": ("import torch\nfor a in 5:\n    pass", "'int' object is not iterable", (2, 10), None),
    "iterate a scalar": (
        "import torch\nfor a in torch.tensor(1.0):\n    pass",
        "iteration over a 0-d tensor",
        (2, 10),
        None,
    ),
    "too many arguments": (
        "import torch\ndef f(a):\n    return a\nf(1, 2)",
        "f() takes 1 positional argument but 2 were given",
        (4, 1),
        None,
    ),
    "missing arguments": (
        "import torch\ndef f(a, b, c):\n    return a\nf()",
        "f() missing 3 required positional arguments: 'a', 'b', and 'c'",
        (4, 1),
        None,
    ),
    "unknown keyword": (
        "import torch\ndef f(a):\n    return a\nf(b=1)",
        "f() got an unexpected keyword argument 'b'",
        (4, 1),
        None,
    ),
    "twice": (
        "import torch\nf = lambda a: a\nf(1, a=2)",
        "<lambda>() got multiple values for argument 'a'",
        (3, 1),
        None,
    ),
    "assertion": ("import torch\nassert 1 > 2, 'no way'", "no way", (2, 1), None),
    "key": ("import torch\nd = {'a': 1}\nd['b']", "'b'", (3, 1), None),
    "unused input": (
        f"{T}u = torch.ones(1, requires_grad=True)\ntorch.autograd.grad(x.sum(), [u])",
        "appears to not have been used in the graph",
        (4, 1),
        "allow_unused=True",
    ),
    "string and number": ("import torch\ny = 'a' + 1", "can only concatenate str", (2, 5), None),
    "item": (f"{T}y = x.item()", "a Tensor with 3 elements cannot be converted to Scalar", (3, 5), None),
    "singular": (
        "import torch\ny = torch.linalg.inv(torch.zeros(2, 2))",
        "linalg.inv: The diagonal element 1 is zero",
        (2, 5),
        None,
    ),
}


@pytest.mark.parametrize(("source", "message", "place", "hint"), WRONG.values(), ids=WRONG.keys())
def test_an_error_keeps_the_sentence_of_python_and_gains_place_and_hint(
    source: str, message: str, place: tuple[int, int], hint: str | None
) -> None:
    error = ours(source).error
    assert error is not None
    assert message in error.message
    assert message in str(real(source).error)
    assert error.span is not None
    assert (error.span.line, error.span.column) == place
    if hint is not None:
        assert error.hint is not None
        assert hint in error.hint


@pytest.mark.parametrize("source", [source for source, *_ in WRONG.values()], ids=WRONG.keys())
def test_no_error_shows_a_path_a_traceback_or_a_class_of_errors(source: str) -> None:
    error = ours(source).error
    assert error is not None
    for text in (error.message, error.hint or ""):
        assert not re.search(r"Traceback|\.py\b|/\w+/|\w+(Error|Exception)\b|0x[0-9a-f]{6}|<class|\n", text)
        assert len(text) < 600


NEAR = {
    "y = sine(x)": "did you mean sin?",
    "y = x.sumn()": "did you mean sum?",
    "y = torch.expp(x)": "did you mean exp?",
    "import torch\nvelocity = 1\ny = velocty * 2": "did you mean velocity?",
    "y = np.sin(x)": "write the function alone: sin(x)",
    "y = f(x)": "see the list of functions, or define it with def",
}


@pytest.mark.parametrize(("source", "hint"), NEAR.items())
def test_the_nearest_known_name_is_offered(source: str, hint: str) -> None:
    said: str | None
    try:
        error = ours(source).error
        said = error.hint if error else None
    except VizgraphError as refusal:
        said = refusal.hint
    assert said == hint


REFUSED = {
    "steps": ("while 1:\n    pass", "the program runs more than 50,000 steps", (2, 5)),
    "memory": ("y = torch.ones(10**10)", "ones would make a tensor of 10,000,000,000 numbers", (1, 5)),
    "integer": ("y = 9**9**9", "the integer is larger than 10^15", (1, 5)),
    "string": ("y = 'a'*10**9", "a sequence of 1,000,000,000 items", (1, 5)),
    "list": ("y = [0]*10**9", "a sequence of 1,000,000,000 items", (1, 5)),
    "unknown function": ("y = torch.load('a')", "torch.load is not in the language", (1, 5)),
    "unknown method": ("y = x.storage()", "the tensor method storage is not in the language", (1, 5)),
    "hidden attribute": ("y = x._base", "the attribute _base is not in the language", (1, 5)),
    "device": ("y = torch.ones(2, device='mps')", "the device mps is not here", (1, 5)),
    "keyword": ("y = torch.add(x, x, out=x)", "the keyword out is not in the language", (1, 5)),
    "import": ("import os", "import of os is not in the language", (1, 8)),
    "with": ("with x:\n    y = x", "this with is not in the language", (1, 6)),
    "function as a number": ("y = x + print", "add can't take print", (1, 5)),
    "format": ("y = x\nprint(f'{x:>>>9}')", "this format is not in the language", (2, None)),
    "print of a function": ("print(print)", "print has no text to print", (1, 1)),
    "recursion": ("def f(a):\n    return f(a)\ny = f(x)", "functions call each other more than 60 deep", (2, 12)),
}


@pytest.mark.parametrize(("source", "message", "place"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_outside_the_language_is_refused_by_name_and_place(
    source: str, message: str, place: tuple[int, int | None]
) -> None:
    with pytest.raises(VizgraphError) as caught:
        ours(source)
    assert message in caught.value.message
    assert caught.value.span is not None
    line, column = place  # Python 3.11 and 3.12 count the columns inside f-strings differently
    assert caught.value.span.line == line
    assert column is None or caught.value.span.column == column
    assert caught.value.hint


def test_the_node_that_an_error_is_about_is_named() -> None:
    run = ours(f"{T}y = x * x\nz = y + torch.ones(2)")
    assert run.error is not None
    assert run.error.node == next(node.id for node in run.graph.nodes if node.name == "y")


def test_known_errors_have_advice_and_others_speak_for_themselves() -> None:
    assert advice("grad can be implicitly created only for scalar outputs") is not None
    assert advice("something else") is None


def test_paths_and_places_in_other_peoples_source_are_left_out() -> None:
    assert plain("bad value (Triggered internally at /build/aten/src/x.cpp:12.)") == "bad value"
    assert plain("bad\nException raised from f at /a/b.cpp:1 (most recent call first):\nframe #0") == "bad"
    assert plain("a / b and 1/2 stay") == "a / b and 1/2 stay"
    assert plain("because of weight_norm usage, see https://a.b/c/d/e/1") == "because of weight_norm usage"
    assert plain("for -: 'torch._C.Generator' and 'Tensor'") == "for -: 'torch.Generator' and 'Tensor'"


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), ModuleNotFoundError("No module named 'a'")])
def test_what_a_confined_child_can_not_load_is_a_sentence_of_ours(error: Exception) -> None:
    told = explained(error, Span(2, 1, 2, 5))
    assert isinstance(told, VizgraphError)
    assert str(told) == (
        "line 2, column 1: this step needs a part of PyTorch that is not here; write it with other functions"
    )


def test_a_sentence_that_is_only_the_name_of_a_class_becomes_one() -> None:
    source = "import torch\ny = 2 % torch.arange(3)"
    assert str(real(source).error) == "ZeroDivisionError"
    error = ours(source).error
    assert error is not None
    assert error.message == "integer division by zero"
    assert error.hint


@pytest.mark.parametrize(
    ("key", "told"), [("torch.exp", "there is no such key"), ("(1, 'a')", "there is no key (1, 'a')")]
)
def test_a_key_is_said_back_only_as_a_program_writes_it(key: str, told: str) -> None:
    error = real(f"import torch\nd = {{'a': 1}}\ny = d[{key}]").error
    assert error is not None
    assert sentence(error) == told


@pytest.mark.parametrize("key", ["np.ones(2)", "(1, np.ones(2))", "[1]", "{1: 2}"])
@pytest.mark.parametrize("written", ["{KEY: 1}", "{KEY}", "{1: 2}.get(KEY)", "KEY in {1}"])
def test_what_has_no_hash_is_refused_as_a_key_in_the_words_of_python(written: str, key: str) -> None:
    source = f"import numpy as np\nx = 1\nprint({written.replace('KEY', key)})"
    theirs, error = real(source).error, ours(source).error
    assert isinstance(theirs, TypeError)
    assert error is not None
    assert error.message == str(theirs)
    assert error.span is not None
    assert error.span.line == 3

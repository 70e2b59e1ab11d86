"""Names are the user's text: sympy never reads them, LaTeX never obeys them."""

from __future__ import annotations

import pytest

from vizgraph.calculus import derive
from vizgraph.model import Accumulation, Call, Derivation, Graph, Jacobian, Matrix, Pass, Ref, Run, Seed, Value
from vizgraph.notation.labels import Label, labels_of, read_label, reading_order

SYMPYS_OWN = "E I S N O Q C pi beta gamma zeta lambda oo zoo nan exp v0000".split()
HOSTILE = [
    "__import__('os').system('touch pwned')", "x); raise SystemExit(1)  #", "{x}", "%s", "\\input{/etc/passwd}",
    "a b", "$x$", "<script>alert(1)</script>", "x\ny", "变量", "é", "x" * 500, "{{}}", "[0]", "x[0][1]",
]  # fmt: skip


def number(entry: float) -> Value:
    return Value((), "float32", (entry,))


def square_of(name: str) -> Derivation:
    """y = name² at 3."""
    calls = (
        Call("leaf_1", "leaf", "input", (), (), ("leaf_1",), name, name, (number(3.0),), None),
        Call(
            "mul_1", "operation", "mul", (Ref("leaf_1"), Ref("leaf_1")), (), ("mul_1",), "y", "", (number(9.0),), None
        ),
    )
    jacobian = Jacobian(("y",), (name,), Matrix(1, 1, (6.0,)))
    gradient = Accumulation(name, "leaf_1", number(6.0), None, number(6.0))
    one = Pass(None, (Seed("mul_1", number(1.0)),), (), (gradient,), jacobian)
    result = derive(Run(None, calls, Graph((), (), ("mul_1",)), (one,), (), (), (), (), None))
    assert result is not None
    return result


@pytest.mark.parametrize("name", SYMPYS_OWN)
def test_names_that_sympy_knows_are_plain_symbols(name: str) -> None:
    result = square_of(name)
    assert result.symbolic == ((f"2*{name}",),)
    assert result.checks[0].symbolic == 6.0
    assert result.checks[0].agrees


@pytest.mark.parametrize("name", [name for name in HOSTILE if "[" not in name])
def test_any_text_is_carried_as_a_name_and_never_run(name: str) -> None:
    result = square_of(name)
    assert result.symbolic == ((f"2*{name}",),)
    assert result.checks[0].agrees


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_escaped_in_latex(name: str) -> None:
    latex = Label(name).latex
    inner = latex.removeprefix(r"\mathrm{").removesuffix("}")
    for sign in "{}$%&#_":
        assert inner.replace(r"\textbackslash{}", "").replace(r"\^{}", "").replace(rf"\{sign}", "").count(sign) == 0
    assert "\\input" not in latex


def test_labels_read_back_what_they_wrote() -> None:
    for label in [Label("x1"), Label("x", (2,)), Label("A", (0, 11))]:
        assert read_label(label.python) == label


@pytest.mark.parametrize(
    ("label", "latex"),
    [
        (Label("x"), "x"), (Label("x1"), "x_{1}"), (Label("x_12"), "x_{12}"), (Label("x", (0,)), "x_{0}"),
        (Label("x1", (0,)), "x_{1,0}"), (Label("A", (0, 1)), "A_{0,1}"), (Label("beta"), r"\beta"),
        (Label("theta3"), r"\theta_{3}"), (Label("loss"), r"\mathrm{loss}"), (Label("my_loss"), r"\mathrm{my\_loss}"),
    ],
)  # fmt: skip
def test_labels_look_as_on_a_blackboard(label: Label, latex: str) -> None:
    assert label.latex == latex


def test_names_are_ordered_as_people_count() -> None:
    labels = [Label("x10"), Label("x", (1,)), Label("x2"), Label("A", (1, 0)), Label("A", (0, 10))]
    ordered = sorted(labels, key=reading_order)
    assert [label.python for label in ordered] == ["A[0,10]", "A[1,0]", "x[1]", "x2", "x10"]


def test_a_tensor_has_a_label_for_each_entry_row_by_row() -> None:
    assert [label.python for label in labels_of("A", (2, 2))] == ["A[0,0]", "A[0,1]", "A[1,0]", "A[1,1]"]
    assert labels_of("x", ()) == [Label("x")]

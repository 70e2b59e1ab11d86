"""Derive by hand-made runs: every formula and number here was worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from vizgraph.calculus import derive, numbers
from vizgraph.model import (
    Accumulation,
    Argument,
    Call,
    Derivation,
    Graph,
    Jacobian,
    Matrix,
    Pass,
    Ref,
    Run,
    Seed,
    Slice,
    Value,
)

Numbers = float | Sequence[float]


def value(numbers: Numbers, shape: tuple[int, ...] | None = None, dtype: str = "float32") -> Value:
    entries = (numbers,) if isinstance(numbers, (int, float)) else tuple(numbers)
    own = () if isinstance(numbers, (int, float)) else (len(entries),)
    finite = all(abs(entry) < float("inf") for entry in entries)
    return Value(own if shape is None else shape, dtype, entries, finite=finite)


def leaf(name: str, numbers: Numbers, shape: tuple[int, ...] | None = None) -> Call:
    return Call(name, "leaf", "input", (), (), (name,), name, name, (value(numbers, shape),), None)


def constant(name: str, numbers: Numbers, operation: str = "input", shape: tuple[int, ...] | None = None) -> Call:
    return Call(name, "constant", operation, (), (), (), name, name, (value(numbers, shape),), None)


def step(id: str, operation: str, arguments: tuple[Argument, ...], numbers: Numbers, **keywords: Argument) -> Call:
    options = tuple(keywords.items())
    return Call(id, "operation", operation, arguments, options, (id,), None, "", (value(numbers),), None)


def run(
    calls: Sequence[Call],
    seeds: dict[str, Numbers],
    rows: Sequence[str],
    columns: Sequence[str],
    numbers: Sequence[float],
    gradients: dict[str, Numbers] | None = None,
) -> Run:
    jacobian = Jacobian(tuple(rows), tuple(columns), Matrix(len(rows), len(columns), tuple(numbers)))
    arrived = tuple(Accumulation(n, n, value(g), None, value(g)) for n, g in (gradients or {}).items())
    one = Pass(None, tuple(Seed(node, value(v)) for node, v in seeds.items()), (), arrived, jacobian)
    return Run(None, tuple(calls), Graph((), (), tuple(seeds)), (one,), (), (), (), (), None)


def derived(*arguments: object, **more: object) -> Derivation:
    result = derive(run(*arguments, **more))  # type: ignore[arg-type]
    assert result is not None
    return result


def product() -> list[Call]:
    """y = x1 * x2 at 3 and 5."""
    return [leaf("x1", 3.0), leaf("x2", 5.0), step("y", "mul", (Ref("x1"), Ref("x2")), 15.0)]


def test_the_seed_lesson_reads_as_on_a_blackboard() -> None:
    calls = [
        leaf("x1", 1.0), leaf("x2", 2.0), leaf("x3", 3.0),
        step("mul_1", "mul", (Ref("x1"), Ref("x2")), 2.0),
        step("y1", "mul", (Ref("mul_1"), Ref("x3")), 6.0),
        step("add_1", "add", (Ref("x1"), Ref("x2")), 3.0),
        step("y2", "add", (Ref("add_1"), Ref("x3")), 6.0),
        step("mul_3", "mul", (Ref("x2"), Ref("x3")), 6.0),
        step("y3", "add", (Ref("x1"), Ref("mul_3")), 7.0),
    ]  # fmt: skip
    result = derived(
        calls,
        {"y1": 0.1, "y2": 0.2, "y3": 0.3},
        ("y1", "y2", "y3"),
        ("x1", "x2", "x3"),
        (6, 3, 2, 1, 1, 1, 1, 3, 2),
        {"x1": 1.1, "x2": 1.4, "x3": 1.0},
    )
    assert result.symbolic == (("x2*x3", "x1*x3", "x1*x2"), ("1", "1", "1"), ("1", "x3", "x2"))
    assert result.numeric == ((6, 3, 2), (1, 1, 1), (1, 3, 2))
    assert all(check.agrees for check in result.checks)
    assert result.note is None
    assert result.latex == (
        r"J = \frac{\partial \left(y_{1}, y_{2}, y_{3}\right)}{\partial \left(x_{1}, x_{2}, x_{3}\right)} = "
        r"\begin{pmatrix} x_{2} x_{3} & x_{1} x_{3} & x_{1} x_{2} \\ 1 & 1 & 1 \\ 1 & x_{3} & x_{2} \end{pmatrix}",
        r"J = \frac{\partial \left(y_{1}, y_{2}, y_{3}\right)}{\partial \left(x_{1}, x_{2}, x_{3}\right)} = "
        r"\begin{pmatrix} 6 & 3 & 2 \\ 1 & 1 & 1 \\ 1 & 3 & 2 \end{pmatrix}",
        r"v^{\top} J = \begin{pmatrix} 0.1 & 0.2 & 0.3 \end{pmatrix} "
        r"\begin{pmatrix} 6 & 3 & 2 \\ 1 & 1 & 1 \\ 1 & 3 & 2 \end{pmatrix} = "
        r"\begin{pmatrix} 1.1 & 1.4 & 1 \end{pmatrix}",
    )


def test_checks_hold_the_formula_against_autograds_number() -> None:
    right = derived(product(), {"y": 1.0}, ["y"], ["x1", "x2"], (5.0, 3.0))
    wrong = derived(product(), {"y": 1.0}, ["y"], ["x1", "x2"], (5.0, 3.5))
    assert [(c.subject, c.symbolic, c.autograd, c.agrees) for c in right.checks] == [
        ("d y / d x1", 5.0, 5.0, True),
        ("d y / d x2", 3.0, 3.0, True),
    ]
    assert [check.agrees for check in wrong.checks] == [True, False]


def test_a_run_without_a_jacobian_has_no_derivation() -> None:
    whole = run(product(), {"y": 1.0}, ["y"], ["x1", "x2"], (5.0, 3.0))
    assert derive(replace(whole, passes=())) is None
    assert derive(replace(whole, passes=(replace(whole.passes[0], jacobian=None),))) is None


def test_the_last_pass_that_has_a_jacobian_is_derived() -> None:
    first = run(product(), {"y": 1.0}, ["y"], ["x1", "x2"], (5.0, 3.0))
    calls = [*product(), step("z", "neg", (Ref("x1"),), -3.0)]
    second = run(calls, {"z": 1.0}, ["z"], ["x1"], (-1.0,))
    third = replace(first.passes[0], jacobian=None)
    result = derive(replace(second, passes=(*first.passes, *second.passes, third)))
    assert result is not None
    assert result.symbolic == (("-1",),)


def test_without_the_forward_calls_the_numbers_stand_alone() -> None:
    result = derived([], {"y": 1.0}, ["y"], ["x1", "x2"], (5.0, 3.0), {"x1": 5.0, "x2": 3.0})
    assert result.symbolic == (("", ""),)
    assert result.numeric == ((5.0, 3.0),)
    assert result.checks == ()
    assert "not recorded" in (result.note or "")
    assert len(result.latex) == 2


def test_entries_of_vectors_and_matrices_are_named_by_their_place() -> None:
    calls = [
        leaf("A", [1.0, 2.0, 3.0, 4.0], (2, 2)),
        leaf("x", [5.0, 6.0]),
        step("y", "matmul", (Ref("A"), Ref("x")), [17.0, 39.0]),
    ]
    columns = ["A[0, 0]", "A[0, 1]", "A[1, 0]", "A[1, 1]", "x[0]", "x[1]"]
    result = derived(calls, {"y": [1.0, 1.0]}, ["y[0]", "y[1]"], columns, (5, 6, 0, 0, 1, 2, 0, 0, 5, 6, 3, 4))
    assert result.columns == ("A[0,0]", "A[0,1]", "A[1,0]", "A[1,1]", "x[0]", "x[1]")
    assert result.symbolic == (
        ("x[0]", "x[1]", "0", "0", "A[0,0]", "A[0,1]"),
        ("0", "0", "x[0]", "x[1]", "A[1,0]", "A[1,1]"),
    )
    assert all(check.agrees for check in result.checks)


def test_the_users_constants_are_symbols_and_others_are_numbers() -> None:
    calls = [
        leaf("w", 2.0),
        constant("x", 3.0),
        constant("k", 0.10000000149011612, operation="tensor"),
        step("a", "mul", (Ref("w"), Ref("x")), 6.0),
        step("y", "mul", (Ref("a"), Ref("k")), 0.6),
    ]
    assert derived(calls, {"y": 1.0}, ["y"], ["w"], (0.3,)).symbolic == (("x/10",),)


def test_what_is_computed_from_constants_is_written_out() -> None:
    calls = [
        leaf("w", 2.0),
        constant("x", 3.0),
        Call("square_1", "constant", "square", (Ref("x"),), (), (), "s", "", (value(9.0),), None),
        step("y", "mul", (Ref("w"), Ref("square_1")), 18.0),
    ]
    assert derived(calls, {"y": 1.0}, ["y"], ["w"], (9.0,)).symbolic == (("x**2",),)


def test_behind_a_cut_only_the_value_is_left() -> None:
    calls = [
        leaf("x", 3.0),
        step("mul_1", "mul", (Ref("x"), Ref("x")), 9.0),
        Call("u", "cut", "detach", (Ref("mul_1"),), (), (), "u", "", (value(9.0),), None),
        step("z", "mul", (Ref("u"), Ref("x")), 27.0),
    ]
    result = derived(calls, {"z": 1.0}, ["z"], ["x"], (9.0,))
    assert result.symbolic == (("9",),)
    assert result.checks[0].agrees


def test_writes_into_a_tensor_are_functional_updates() -> None:
    calls = [
        leaf("a", 2.0),
        leaf("b", 3.0),
        constant("randn_1", [0.3, 0.4, 0.5], operation="randn"),
        step("mul_1", "mul", (Ref("a"), Ref("b")), 6.0),
        step("write_1", "write", (Ref("randn_1"), 0, Ref("mul_1")), [6.0, 0.4, 0.5]),
        step("write_2", "write", (Ref("write_1"), Slice(1, None, None), Ref("a")), [6.0, 2.0, 2.0]),
    ]
    result = derived(calls, {"write_2": [1, 1, 1]}, ["y[0]", "y[1]", "y[2]"], ["a", "b"], (3, 2, 1, 0, 1, 0))
    assert result.symbolic == (("b", "a"), ("1", "0"), ("1", "0"))


def test_only_the_rows_on_an_operation_without_a_rule_are_left_to_numbers() -> None:
    calls = [
        leaf("x", 3.0),
        step("odd_1", "hyperfold", (Ref("x"),), 7.0),
        step("y2", "mul", (Ref("x"), 2), 6.0),
    ]
    result = derived(calls, {"odd_1": 1.0, "y2": 1.0}, ["y1", "y2"], ["x"], (4.0, 2.0))
    assert result.symbolic == (("",), ("2",))
    assert result.numeric == ((4.0,), (2.0,))
    assert "hyperfold" in (result.note or "")
    assert [(check.agrees, check.reason is None) for check in result.checks] == [(None, False), (True, True)]


def test_an_argument_that_a_rule_does_not_know_is_no_formula() -> None:
    calls = [leaf("x", 3.0), step("y", "exp", (Ref("x"),), 20.0855, surprise=1)]
    result = derived(calls, {"y": 1.0}, ["y"], ["x"], (20.0855,))
    assert result.symbolic == (("",),)
    assert "exp" in (result.note or "")


def test_a_rule_that_gives_another_shape_than_torch_is_not_believed() -> None:
    calls = [leaf("x", [1.0, 2.0]), step("y", "sum", (Ref("x"),), [3.0])]
    result = derived(calls, {"y": [1.0]}, ["y[0]"], ["x[0]", "x[1]"], (1.0, 1.0))
    assert result.symbolic == (("", ""),)


@pytest.mark.parametrize(
    ("operation", "numbers", "result", "slope", "formula"),
    [
        ("abs", 0.0, 0.0, 0.0, "sign(x)"),
        ("relu", 0.0, 0.0, 0.0, "Heaviside(x)"),
        ("sqrt", 0.0, 0.0, float("inf"), "1/(2*sqrt(x))"),
    ],
)
def test_where_there_is_no_derivative_nothing_is_claimed(
    operation: str, numbers: float, result: float, slope: float, formula: str
) -> None:
    calls = [leaf("x", numbers), step("y", operation, (Ref("x"),), result)]
    found = derived(calls, {"y": 1.0}, ["y"], ["x"], (slope,))
    assert found.symbolic == ((formula,),)
    assert found.checks[0].agrees is None
    assert found.checks[0].reason


def test_the_same_formula_is_checked_beside_its_kink() -> None:
    calls = [leaf("x", -2.0), step("y", "abs", (Ref("x"),), 2.0)]
    assert derived(calls, {"y": 1.0}, ["y"], ["x"], (-1.0,)).checks[0].agrees is True


def test_a_number_of_autograd_that_is_not_finite_where_the_derivative_is_disagrees() -> None:
    calls = [leaf("x", 1.0), step("y", "mul", (Ref("x"), 2), 2.0)]
    check = derived(calls, {"y": 1.0}, ["y"], ["x"], (float("nan"),)).checks[0]
    assert check.agrees is False
    assert "not finite" in (check.reason or "")


def test_a_leaf_that_was_rewritten_after_the_pass_is_not_held_against_it() -> None:
    calls = [leaf("w", 0.5), step("y", "mul", (Ref("w"), Ref("w")), 4.0)]  # it was 2 when the pass ran
    check = derived(calls, {"y": 1.0}, ["y"], ["w"], (4.0,)).checks[0]
    assert check.agrees is None
    assert "rewritten" in (check.reason or "")


def test_large_jacobians_stay_numbers() -> None:
    count = 65
    calls = [
        replace(leaf("x", [1.0] * count), values=(Value((count,), "float32", None),)),
        step("y", "sum", (Ref("x"),), float(count)),
    ]
    result = derived(calls, {"y": 1.0}, ["y"], [f"x[{i}]" for i in range(count)], [1.0] * count)
    assert result.symbolic == (("",) * count,)
    assert "1 × 65" in (result.note or "")


def test_long_formulas_are_left_to_numbers_before_they_are_made() -> None:
    calls = [leaf("x", 0.1)]
    number = 0.1
    for i in range(40):  # written out, this formula has more nodes than there are atoms in a mountain
        previous = calls[-1].id
        calls.append(step(f"sin_{i}", "sin", (Ref(previous),), number))
        calls.append(step(f"y_{i}", "mul", (Ref(f"sin_{i}"), Ref(previous)), number))
    result = derived(calls, {"y_39": 1.0}, ["y"], ["x"], (0.0,))
    assert result.symbolic == (("",),)
    assert "too long" in (result.note or "")


def test_long_derivatives_of_readable_formulas_are_left_to_numbers() -> None:
    calls = [leaf("x", 0.0)]
    for i in range(30):
        calls.append(step(f"sin_{i}", "sin", (Ref(calls[-1].id),), 0.0))
    result = derived([*calls, step("z", "mul", (Ref("x"), 2), 0.0)], {"sin_29": 1.0, "z": 1.0}, "yz", ["x"], (1.0, 2.0))
    assert result.symbolic == (("",), ("2",))
    assert "too long" in (result.note or "")
    assert [check.agrees for check in result.checks] == [None, True]


def test_constants_too_large_to_be_kept_leave_what_stands_on_them_to_numbers() -> None:
    large = replace(constant("t", 0.0), values=(Value((100,), "float32", None),))
    spread = replace(step("a", "mul", (Ref("w"), Ref("t")), 0.0), values=large.values)
    result = derived([leaf("w", 2.0), large, spread, step("y", "sum", (Ref("a"),), 6.0)], {"y": 1.0}, "y", "w", (3.0,))
    assert result.symbolic == (("",),)
    assert "too many" in (result.note or "")


def test_a_chain_of_a_thousand_operations_is_survived() -> None:
    calls = [leaf("x", 0.1)]
    for i in range(1000):
        calls.append(step(f"tanh_{i}", "tanh", (Ref(calls[-1].id),), 0.1))
    assert derived(calls, {"tanh_999": 1.0}, ["y"], ["x"], (1.0,)).symbolic == (("",),)


def test_powers_are_not_multiplied_out() -> None:
    calls = [leaf("x", 1.0), step("a", "mul", (Ref("x"), 9), 9.0), step("y", "pow", (Ref("a"), 10**15), float("inf"))]
    assert derived(calls, {"y": 1.0}, ["y"], ["x"], (float("inf"),)).symbolic == (("",),)


def test_results_of_one_call_are_told_apart() -> None:
    calls = [
        leaf("x", [2.0, 3.0]),
        Call(
            "unbind_1", "operation", "unbind", (Ref("x"),), (), ("unbind_1",), None, "", (value(2.0), value(3.0)), None
        ),
        step("y", "div", (Ref("unbind_1", 0), Ref("unbind_1", 1)), 2 / 3),
    ]
    result = derived(calls, {"y": 1.0}, ["y"], ["x[0]", "x[1]"], (1 / 3, -2 / 9))
    assert result.symbolic == (("1/x[1]", "-x[0]/x[1]**2"),)
    assert all(check.agrees for check in result.checks)


def test_leaves_that_share_a_name_are_not_confused() -> None:
    calls = [leaf("x", 2.0), replace(leaf("x_2", 3.0), name="x"), step("y", "mul", (Ref("x"), Ref("x_2")), 6.0)]
    result = derived(calls, {"y": 1.0}, ["y"], ["x", "x"], (3.0, 2.0))
    assert result.symbolic == (("", ""),)
    assert "share a name" in (result.note or "")


def test_in_numbers_only_everything_is_there_but_the_formulas() -> None:
    whole = run(product(), {"y": 1.0}, ["y"], ["x1", "x2"], (5.0, 3.0), {"x1": 5.0, "x2": 3.0})
    found = numbers(whole)
    assert found is not None
    assert found.numeric == ((5.0, 3.0),)
    assert found.symbolic == (("", ""),)
    assert "longer than a second" in (found.note or "")

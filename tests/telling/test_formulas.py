import pytest

from tests.handmade import matrix, value
from vizgraph.model import Matrix, Value
from vizgraph.telling.formulas import accumulation, product, signed, summands


def square(*entries: float) -> Value:
    return Value((2, 2), "float32", entries)


@pytest.mark.parametrize(
    ("upstream", "local", "result", "shape", "formula"),
    [
        (value(0.1), matrix([6]), value(0.6), "scalar", "0.1 × 6 = 0.6"),
        (value(3), matrix([-4]), value(-12), "scalar", "3 × (-4) = -12"),
        (value(-4), matrix([1]), value(-4), "unchanged", "-4 × 1 = -4"),
        (value([1, 2]), matrix([1, 0], [0, 1]), value([1, 2]), "identity", "[1, 2] · I = [1, 2]"),
        (value([1, 2]), matrix([-3, 0], [0, -3]), value([-3, -6]), "scaled", "[1, 2] × (-3) = [-3, -6]"),
        (value([0.1, 0.2]), matrix([2, 0], [0, 4]), value([0.2, 0.8]), "diagonal", "[0.1, 0.2] ⊙ [2, 4] = [0.2, 0.8]"),
        (value([5, 6]), matrix([1, 0], [0, 0]), value([5, 0]), "mask", "[5, 6] ⊙ [1, 0] = [5, 0]"),
        (value(2), matrix([0, 1, 2]), value([0, 2, 4]), "row", "2 × [0, 1, 2] = [0, 2, 4]"),
        (value(2), matrix([1, 1]), value([2, 2]), "spread", "2 × [1, 1] = [2, 2]"),
        (value(2), matrix([0, 1, 0]), value([0, 2, 0]), "pick", "2 × [0, 1, 0] = [0, 2, 0]"),
        (value([1, 2]), matrix([3], [4]), value(11), "column", "[1, 2] · [3, 4] = 11"),
        (value([1, 2]), matrix([1], [1]), value(3), "collect", "[1, 2] · [1, 1] = 3"),
        (value([1, 2]), matrix([0], [1]), value(2), "place", "[1, 2] · [0, 1] = 2"),
        (value([1, 1]), matrix([1, 2], [3, 4]), value([4, 6]), "matrix", "[1, 1] · [[1, 2], [3, 4]] = [4, 6]"),
        (value([1, 2]), matrix([0, 1], [1, 0]), value([2, 1]), "reorder", "[1, 2] → [2, 1]"),
        (value([1, 2]), matrix([1, 0, 0], [0, 1, 0]), value([1, 2, 0]), "slice", "[1, 2] → [1, 2, 0]"),
        (value([1, 2, 4]), matrix([1, 0], [1, 0], [0, 1]), value([3, 4]), "copies", "[1, 2, 4] → [3, 4]"),
        (value([1, 2, 4]), matrix([1, 0], [0, 0], [0, 1]), value([1, 4]), "part", "[1, 2, 4] → [1, 4]"),
        (value([1, 2]), matrix([1, 1, 0], [0, 0, 1]), value([1, 1, 2]), "sums", "[1, 2] → [1, 1, 2]"),
        (value([1, 2]), matrix([1, 1], [0, 1]), value([1, 3]), "matrix", "[1, 2] · [[1, 1], [0, 1]] = [1, 3]"),
        (value([1, 2]), None, value([3, 4]), "unknown", "[1, 2] → [3, 4]"),
        (None, matrix([1]), value(3), "unknown", "3"),
    ],
)
def test_a_product_is_written_in_the_simplest_form_its_local_jacobian_allows(
    upstream: Value | None, local: Matrix | None, result: Value, shape: str, formula: str
) -> None:
    told = product(upstream, local, result)
    assert (told.shape, told.formula) == (shape, formula)


def test_an_entrywise_product_of_matrices_keeps_their_shape() -> None:
    local = matrix([2, 0, 0, 0], [0, 3, 0, 0], [0, 0, 4, 0], [0, 0, 0, 5])
    told = product(square(1, 1, 1, 2), local, square(2, 3, 4, 10))
    assert told.formula == "[[1, 1], [1, 2]] ⊙ [[2, 3], [4, 5]] = [[2, 3], [4, 10]]"


def test_a_jacobian_that_is_not_a_matrix_of_two_vectors_is_named_by_its_size() -> None:
    told = product(square(1, 0, 0, 1), matrix([1, 2], [3, 4], [5, 6], [7, 8]), value([8, 10]))
    assert told.formula == "[[1, 0], [0, 1]] · J(4×2) = [8, 10]"


def test_a_jacobian_too_wide_for_the_line_is_named_by_its_size() -> None:
    rows = [[float(10 * i + j) for j in range(9)] for i in range(3)]
    told = product(value([1, 0, 0]), matrix(*rows), value(rows[0]))
    assert told.formula == "[1, 0, 0] · J(3×9) = [0, 1, 2, 3, 4, 5, 6, 7, 8]"


def test_a_change_of_shape_alone_is_told_as_such() -> None:
    local = matrix([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1])
    told = product(value([1, 2, 3, 4]), local, square(1, 2, 3, 4))
    assert (told.shape, told.formula) == ("reshape", "[1, 2, 3, 4] → [[1, 2], [3, 4]]")


def test_a_local_jacobian_of_the_wrong_size_is_not_shown() -> None:
    assert product(value([1, 2]), matrix([3]), value(3)).formula == "[1, 2] → 3"


def test_large_values_are_only_their_shapes_but_the_outcome_has_its_summary() -> None:
    upstream = Value((8, 8), "float32", None, 0.0, 1.0, 2.0)
    result = Value((8, 8), "float32", None, -1.5, 2.0, 3.0)
    assert product(upstream, None, result).formula == "(8×8) → (8×8, -1.5 … 2)"
    assert summands([upstream, result]) == "(8×8) + (8×8)"
    assert accumulation(None, [result], result) == ".grad: None → 8×8, -1.5 … 2"
    assert accumulation(upstream, [result], result) == ".grad: (8×8) + (8×8) = (8×8, -1.5 … 2)"
    assert signed(result) == "+(8×8, -1.5 … 2)"
    spread = product(value(2), matrix([1.0] * 20), Value((4, 5), "float32", (2.0,) * 20))
    assert spread.formula == "2 × (4×5) = (4×5, all 2)"


def test_summands_after_the_first_wear_brackets_where_they_are_negative() -> None:
    assert summands([value(-1), value(2), value(-3)]) == "-1 + 2 + (-3)"


def test_a_long_sum_keeps_its_first_and_last_summands() -> None:
    written = summands([value(1000 + i) for i in range(40)])
    assert written.startswith("1000 + 1001 + ")
    assert written.endswith(" + … + 1039")
    assert len(written) <= 72


@pytest.mark.parametrize(
    ("before", "met", "after", "formula"),
    [
        (None, [0.5], 0.5, ".grad: None → 0.5"),
        (None, [0.6, 0.2, 0.3], 1.1, ".grad: None → 0.6 + 0.2 + 0.3 = 1.1"),
        ([0, 4], [[1, 1]], [1, 5], ".grad: [0, 4] + [1, 1] = [1, 5]"),
        (2, [1, 3], 6, ".grad: 2 + (1 + 3) = 6"),
        (2, [-1], 1, ".grad: 2 + (-1) = 1"),
    ],
)
def test_a_leaf_adds_what_arrives_to_what_it_held(before, met, after, formula: str) -> None:  # type: ignore[no-untyped-def]
    held = None if before is None else value(before)
    assert accumulation(held, [value(one) for one in met], value(after)) == formula

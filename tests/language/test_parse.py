"""Read programs, and say what is wrong with those that can't be read."""

from __future__ import annotations

import pytest

from vizgraph import language, limits
from vizgraph.errors import VizgraphError

UNREADABLE = {
    "y = x +": (8, "something is missing at the end"),
    "y = (x": (5, "check the brackets"),
    "y = x)": (6, "check the brackets"),
    "y = [1, 2)": (10, "check the brackets"),
    "y = 2x velocity": (5, "2*x"),
    "y = sin sin x": (9, "write sin(x)"),
    "y = speed time": (11, "a*b"),
    "y = [1, 2]c": (11, "product"),
    "y' = x": (2, "quotation mark"),
    "y = \\frac{x}{2}": (6, "LaTeX"),
    "1. y = x": (4, "number of the line"),
    "if x\n    y = 1": (5, "end the line with a colon"),
    "  y = x\nz = y": (2, "indent"),
    "if x:\ny = 1": (1, "indent"),
    "|x": (1, "abs(x)"),
    "2 = x": (1, "="),
    "f(2) = 2": (1, "="),
    "y == x = 2": (1, None),
    "for in x:\n    pass": (5, None),
    "y = x if": (9, None),
    "!= install": (1, None),
}


@pytest.mark.parametrize(("source", "column", "hint"), [(s, *rest) for s, rest in UNREADABLE.items()])
def test_a_line_that_can_not_be_read_is_shown_with_its_column(source: str, column: int, hint: str | None) -> None:
    with pytest.raises(VizgraphError, match="this line can't be read: ") as caught:
        language.parse(source)
    assert caught.value.span is not None
    assert caught.value.span.column == column
    assert caught.value.hint
    assert hint is None or hint in caught.value.hint
    assert "<" not in caught.value.message


def test_the_line_of_an_unreadable_line_is_counted_from_the_first() -> None:
    with pytest.raises(VizgraphError) as caught:
        language.parse("y = x\n\nz = = y\nu = 1")
    assert (caught.value.span.line, caught.value.span.column) == (3, 5)


@pytest.mark.parametrize("source", ["", "   ", "\n\n", "# a note", "\t\n"])
def test_nothing_to_run_is_said(source: str) -> None:
    with pytest.raises(VizgraphError, match="there is nothing to run yet"):
        language.parse(source)


def test_a_program_that_is_too_long_is_refused_with_the_figure() -> None:
    with pytest.raises(VizgraphError, match=rf"the program has 9004 characters; at most {limits.PROGRAM_CHARACTERS}"):
        language.parse("y = x" + " " * 8998 + "#")


def test_too_many_names_are_refused_at_the_first_that_is_too_many() -> None:
    names = [f"a{n}" for n in range(limits.INPUTS + 2)]
    with pytest.raises(VizgraphError, match=f"the program has {limits.INPUTS + 2} free names") as caught:
        language.parse("y = " + " + ".join(names))
    assert caught.value.span.column == ("y = " + " + ".join(names)).index(names[limits.INPUTS]) + 1


def test_windows_line_ends_and_tabs_are_lines_and_blanks() -> None:
    program = language.parse("for i in range(2):\r\n\ty = x*i\r\nz = y")
    assert program.outputs == ("z",)


def test_a_lone_expression_is_an_output_that_takes_no_name_of_the_program() -> None:
    assert language.parse("x**2").outputs == ("output",)
    assert language.parse("output**2").outputs == ("output0",)
    assert language.parse("print(x)").outputs == ()
    assert language.parse("x.zero_()").outputs == ()


def test_the_source_stays_as_it_was_typed() -> None:
    assert language.parse("y = x² × 2").source == "y = x² × 2"

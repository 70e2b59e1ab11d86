"""Hold the mathematics that people type to the Python that it stands for, and to the places where it was typed."""

from __future__ import annotations

import ast
import time

import pytest

from vizgraph.errors import VizgraphError
from vizgraph.language import parse, segment, span_of

READ = {
    "2x": "2*x",
    "2x^2 + 3x - 1": "2*x**2 + 3*x - 1",
    "2x1 x2": "2*x1*x2",
    "sin x": "sin(x)",
    "sin 2x + cos x^2": "sin(2*x) + cos(x**2)",
    "2 sin x cos x": "2*sin(x)*cos(x)",
    "sin² x + cos²(x)": "sin(x)**2 + cos(x)**2",
    "ln x / x": "ln(x) / x",
    "log 2": "log(2)",
    "sin(x)cos(x)": "sin(x)*cos(x)",
    "2exp(x)": "2*exp(x)",
    "3(x+1)/2": "3*(x + 1)/2",
    "(x+1)(x-1)": "(x + 1)*(x - 1)",
    "(x+1)x": "(x + 1)*x",
    "5 (a+b) (c-d)": "5*(a + b)*(c - d)",
    "a b + c d": "a*b + c*d",
    "x·y": "x*y",
    "x² z": "x**2*z",
    "x²z + 2x²": "x**2*z + 2*x**2",
    "a²(b + c)": "a**2*(b + c)",
    "|x|": "abs(x)",
    "|x - 1| + 2|x|": "abs(x - 1) + 2*abs(x)",
    "|x||z|": "abs(x)*abs(z)",
    "√x + √(x+1) + 2√2": "sqrt(x) + sqrt(x + 1) + 2*sqrt(2)",
    "exp(-x²/2)/√(2π)": "exp(-x**2/2)/sqrt(2*π)",
    "x if x > 0 else 2x": "x if x > 0 else 2*x",
    "2x # 3x |": "2*x",
    "1e3x": "1e3*x",
}


@pytest.mark.parametrize(("typed", "python"), READ.items())
def test_mathematics_is_read_as_it_is_meant(typed: str, python: str) -> None:
    assert ast.dump(parse(f"y = {typed}").tree) == ast.dump(ast.parse(f"y = {python}"))


DECLARED = {
    "f(x) = x^2 + 3x": "f = x**2 + 3*x",
    "f( x, y )=x*y": "f = x*y",
    "f(x) = 2x\ng(x) = f(x)^2": "f = 2*x\ng = f**2",
    "f(x) = sin(x)\ny = f(x)cos x # f(x)": "f = sin(x)\ny = f*cos(x)",
    "f(x) = x²\ny = f(3t)": "def f(x): return x**2\ny = f(3*t)",
    "f(x, y) = 2x y\nz = f(a, b) + f(x, y)": "def f(x, y): return 2*x*y\nz = f(a, b) + f(x, y)",
}


@pytest.mark.parametrize(("typed", "python"), DECLARED.items())
def test_what_is_declared_with_its_variables_is_a_value_unless_others_are_put_in(typed: str, python: str) -> None:
    assert ast.dump(parse(typed).tree) == ast.dump(ast.parse(python))


@pytest.mark.parametrize("source", ["sin(x) = 3", "f(2) = 3", "f() = 3", "f(x)(y) = 2", "f(x) =", "if(x) = 3"])
def test_what_declares_nothing_is_refused(source: str) -> None:
    with pytest.raises(VizgraphError, match="this line can't be read"):
        parse(source)


PYTHON = ["f(x)(z)", "x | z", "0x1f + x", "x if x else z", "x(2)", "[1, 2](0)", "x[0](1)"]


@pytest.mark.parametrize("source", PYTHON)
def test_what_python_can_read_stays_as_it_is(source: str) -> None:
    assert ast.dump(parse(f"y = {source}").tree) == ast.dump(ast.parse(f"y = {source}"))


TWO_READINGS = {
    "1/2x": "write 1/(2*x) or (1/2)*x",
    "a/b c": "write a/(b*c) or (a/b)*c",
    "1/2(x + 1)": "write 1/(2*(…)) or (1/2)*(…)",
    "x^2z": "write x**(2*z) or (x**2)*z",
    "sin x z": "write brackets, such as sin(x)*z or sin(x*z)",
}


@pytest.mark.parametrize(("typed", "hint"), TWO_READINGS.items())
def test_of_two_readings_both_are_offered(typed: str, hint: str) -> None:
    with pytest.raises(VizgraphError) as caught:
        parse(f"y = {typed}")
    assert caught.value.hint == hint
    assert caught.value.span is not None
    assert caught.value.span.line == 1


@pytest.mark.parametrize("source", ["y = x1 plus x2", "y = sin sin x", "y = 2x +", "import torch\ny = 2x", "y = |x"])
def test_what_has_no_reading_is_refused_where_python_stops(source: str) -> None:
    with pytest.raises(VizgraphError, match="this line can't be read"):
        parse(source)


def test_everything_keeps_the_place_where_it_was_typed() -> None:
    source = "y = 2x + sin z + |z1| + 3(x + 1)"
    lines = (source,)
    written = {ast.unparse(node): segment(lines, span_of(node)) for node in ast.walk(parse(source).tree)
               if isinstance(node, (ast.BinOp, ast.Call))}  # fmt: skip
    assert written["2 * x"] == "2x"
    assert written["sin(z)"] == "sin z"
    assert written["abs(z1)"] == "|z1|"
    assert written["3 * (x + 1)"] == "3(x + 1)"
    assert written["x + 1"] == "x + 1"


@pytest.mark.parametrize("piece", ["sin**2 x + ", "(", ")(", "|x", "sin x**(", "2x ", "√", "x y "])
def test_a_long_line_takes_no_time(piece: str) -> None:
    begun = time.process_time()
    with pytest.raises(VizgraphError):
        parse("y = " + piece * (7_900 // len(piece)))
    assert time.process_time() - begun < 1


def test_a_root_sign_in_code_is_named() -> None:
    with pytest.raises(VizgraphError, match="SQUARE ROOT") as caught:
        parse("import torch\ny = √x")
    assert caught.value.hint == "write sqrt(x)"

"""Run random programs in Python itself and in the language: same text, same values, same gradients, same errors."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.real import assert_agrees

HEAD = """import torch
a = torch.tensor([0.5, -1.5, 2.0], requires_grad=True)
b = torch.tensor([1.0, 0.25, -0.5], requires_grad=True)
s = torch.tensor(1.5, requires_grad=True)
c = torch.tensor([2.0, 1.0, 0.5])
def f(p, q=2.0):
    if p.sum() > 1:
        return p * q
    return p - q
g = lambda p: p.tanh() + s
"""
NUMBERS = st.sampled_from(["2", "0.5", "-1.5", "3", "1e-2", "7 // 2", "(1 + 2) * 0.5"])
VECTOR_CALLS = st.sampled_from(
    "({}).exp() torch.sin({}) ({}).sigmoid() torch.relu({}) -({}) ({}).abs() ({}).clamp(-1,1) f({}) g({}) f({},q=s) "
    "({}).cumsum(0) ({}).flip(0) torch.softmax({},0) ({}).view(3,1).squeeze(1) ({})[[2,0,1]] ({}).detach() "
    "torch.where(({})>0,a,b) ({}).clone() torch.stack([{},a]).sum(0) ({})[None][0]".split()
)
SCALAR_CALLS = st.sampled_from(
    [
        "({}).sum()", "({}).mean()", "({}).max()", "({})[0]", "({})[-1]", "({}).norm()", "(({}) @ c)", "({}).prod()",
        "({})[1:].sum()", "sum([v * 2 for v in {}])", "({}).unbind()[1]", "torch.dot({}, b)",
    ]
)  # fmt: skip
OPERATORS = st.sampled_from(["+", "-", "*", "/", "** 2 +"])


@st.composite
def vectors(draw: st.DrawFn, names: list[str], depth: int = 2) -> str:
    """An expression of three entries."""
    kind = draw(st.integers(0, 5)) if depth else 0
    if kind <= 1:
        return draw(st.sampled_from(names))
    inner = draw(vectors(names, depth - 1))
    if kind == 2:
        return draw(VECTOR_CALLS).format(inner)
    if kind == 3:
        return f"({inner} {draw(OPERATORS)} {draw(NUMBERS)})"
    if kind == 4:
        return f"({inner} {draw(OPERATORS)} {draw(scalars(names, depth - 1))})"
    return f"({inner} {draw(OPERATORS)} {draw(vectors(names, depth - 1))})"


@st.composite
def scalars(draw: st.DrawFn, names: list[str], depth: int = 2) -> str:
    """An expression of one entry."""
    kind = draw(st.integers(0, 3)) if depth else 0
    if kind == 0:
        return "s"
    if kind == 1:
        return f"({draw(scalars(names, depth - 1))} {draw(OPERATORS)} {draw(scalars(names, depth - 1))})"
    return draw(SCALAR_CALLS).format(draw(vectors(names, depth - 1)))


@st.composite
def statements(draw: st.DrawFn, names: list[str], number: int) -> tuple[str, str | None]:
    """One statement, and the name that it makes."""
    name = f"v{number}"
    vector, scalar = draw(vectors(names)), draw(scalars(names))
    own = [name for name in names if name.startswith("v")]
    old = draw(st.sampled_from(own)) if own else None
    place = draw(st.sampled_from(["[0]", "[1:]", "[-1]", "[[0, 2]]", "[...]", "[{} > 0]".format(old or "a")]))
    written = {
        "assign": (f"{name} = {vector}", name),
        "print": (f"print({vector}, {scalar})", None),
        "format": (f"print(f'{{({scalar}).item():.4f}}', {name!r}, end=';')", None),
        "if": (f"if {scalar} > 0:\n    {name} = {vector}\nelse:\n    {name} = {draw(vectors(names))}", name),
        "for": (
            f"{name} = {vector}\nfor i in range(3):\n    {name} = {name} * 0.5 + i * {draw(vectors(names, 1))}",
            name,
        ),
        "while": (f"{name} = {vector}\nn = 0\nwhile n < 2:\n    n += 1\n    {name} = {name} + n", name),
        "no_grad": (f"with torch.no_grad():\n    {name} = {vector}", name),
        "assembly": (f"{name} = torch.zeros(3)\n{name}[0] = {scalar}\n{name}[1:] = ({vector})[:2]", name),
        "copy": (f"{name} = ({vector}).clone()\n{name}{place.replace(str(old), name)} = {scalar}", name),
        "view": (f"{name} = ({vector}) * 1\nu = {name}[1:]\nu.mul_(2)\nprint(u)", name),
    }
    if old:
        written["add"] = (f"{old} += {vector}", None)
        written["multiply"] = (f"{old}.mul_({scalar})", None)
        written["write"] = (f"{old}{place} = {draw(st.sampled_from([scalar, '0.0']))}", None)
        written["augment"] = (f"{old}[0] *= {scalar}", None)
    return written[draw(st.sampled_from(sorted(written)))]


@st.composite
def programs(draw: st.DrawFn) -> str:
    names, lines = ["a", "b", "c"], [HEAD]
    for number in range(draw(st.integers(1, 5))):
        line, name = draw(statements(names, number))
        lines.append(line)
        names += [name] if name else []
    last, scalar = draw(vectors(names)), draw(scalars(names))
    end = {
        "sum": f"z = ({last}).sum() + {scalar}\nz.backward()",
        "vector": f"z = {last}\nz.backward(torch.tensor([0.1, 1.0, 10.0]))",
        "missing": f"z = {last}\nz.backward()",
        "twice": f"z = ({last}).sum()\nz.backward()\nz.backward()",
        "retained": f"z = ({last}).sum()\nz.backward(retain_graph=True)\nz.backward()",
        "both": f"torch.autograd.backward([({last}).sum(), {scalar}])\na.grad = None\n(a * b * s).sum().backward()",
        "grad": f"print(torch.autograd.grad(({last}).sum(), [a, b, s], allow_unused=True))",
        "second": f"g = torch.autograd.grad(({last}).sum() + (a * b * s).sum(), a, create_graph=True)[0]\n"
        "(g * g).sum().backward()",
        "update": f"(({last}) * a).sum().backward()\nwith torch.no_grad():\n    a -= 0.1 * a.grad\n    a.grad.zero_()\n"
        "(a * b).sum().backward()",
    }  # fmt: skip
    return "\n".join([*lines, end[draw(st.sampled_from(sorted(end)))], "print(a.grad, b.grad, s.grad)"])


@settings(
    max_examples=200, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(programs())
def test_a_random_program_does_what_it_does_in_python(program: str) -> None:
    assert_agrees(program)

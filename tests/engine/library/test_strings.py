"""Hold templates and the methods of strings to Python, and to a size."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAM = r"""
import torch
t = torch.tensor(2.5)
print("%d %5.2f %s %r %-5s| %03d%%" % (3, 1.23456, "a", "b", "c", 7))
print("loss %.3f" % t, "%s" % [1, 2], "%e" % 12345.678)
print("{} {:.3f} {:>5}|{1!r}".replace("{1!r}", "") .format(1, 2.0, "x"), "{0} {1} {0}".format("a", "b"))
print("{name}: {value:.1e} {{}}".format(name="n", value=12.5), "{:d}".format(5))
print("a,b".split(","), " x ".strip(), "ab".upper(), "a-b".replace("-", "+"), "abc".startswith("a"), "x".center(5, "*"))
print(f"{t=} {t.item()=:.2f} {'q'!r:>5}", "7".zfill(3), "-".join(str(i) for i in range(3)))
"""


def test_strings_are_filled_as_in_python() -> None:
    assert_agrees(PROGRAM)


HOSTILE = [
    "'{a.__class__}'.format(a=x)", "'{0[0]}'.format(x)", "'{:>9999999}'.format(1)", "'%99999999d' % 1",
    "'%(a)s' % {'a': 1}", "'%*d' % (10**9, 1)", "('a' * 4000).replace('a', 'b' * 4000)", "'a'.center(10**9)",
    "'a'.zfill(10**9)", "('a' * 4000).join(['b'] * 4000)", "'{}'.format(print)", "'{:{}}'.format(1, 10**9)",
    "'a'.encode()", "'a'.format_map({'a': 1})", "'%s' % print",
]  # fmt: skip


@pytest.mark.parametrize("expression", HOSTILE)
def test_what_reaches_too_far_or_grows_too_long_is_refused(expression: str) -> None:
    with pytest.raises(VizgraphError):
        ours(f"y = {expression}\nz = x * 1")

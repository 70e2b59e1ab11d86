"""Hold itertools and functools to Python's own."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

PROGRAMS = {
    "itertools": "import itertools as it\nprint(list(it.product([1, 2], 'ab')), list(it.combinations(range(3), 2)),\n"
                 "      list(it.chain([1], (2,))), list(it.islice(it.count(5), 2)), list(it.accumulate([1, 2, 3])),\n"
                 "      [a for a, _ in zip(it.cycle('xy'), range(3))], list(it.permutations([1, 2])), list(it.repeat(0, 2)))",
    "functools": "from functools import partial, reduce, wraps\nf = partial(lambda a, b, c=0: (a, b, c), 1, c=3)\n"
                 "print(f(2), reduce(lambda a, b: a * b, [1, 2, 3, 4]))\ndef d(g):\n    @wraps(g)\n    def h(*a):\n        return g(*a) + 1\n"
                 "    return h\n@d\ndef one():\n    return 1\nprint(one())",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_what_goes_through_items_goes_as_in_python(program: str) -> None:
    assert_agrees(program)

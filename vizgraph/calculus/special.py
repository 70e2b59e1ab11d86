"""Define the functions that sympy lacks or differentiates otherwise than torch.

Each is a sympy function of real arguments with its derivative written down, so
that nothing here depends on what sympy can find out about signs. They print
under sympy's names for the same thing (Max, Heaviside, sign, …).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sympy


class _Real(sympy.Function):  # type: ignore[misc]
    """A real function that folds where all arguments are numbers, and stays as written elsewhere."""

    is_real = True
    of_numbers: ClassVar[Callable[..., Any]]

    @classmethod
    def eval(cls, *arguments: Any) -> Any:
        return cls.of_numbers(*arguments) if all(argument.is_Number for argument in arguments) else None

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative by argument number ``argindex``; flat unless a subclass says more."""
        return sympy.Integer(0)


class Step(_Real):
    """1 where the argument is positive, 0 where it is negative; the edge itself is a kink."""

    of_numbers = staticmethod(sympy.Heaviside)


class Sign(_Real):
    """-1, 0 or 1."""

    of_numbers = staticmethod(sympy.sign)


class Floor(_Real):
    """The largest integer below; torch's gradient of every rounding is zero."""

    of_numbers = staticmethod(sympy.floor)


class Ceiling(_Real):
    """The smallest integer above."""

    of_numbers = staticmethod(sympy.ceiling)


class Round(_Real):
    """The nearest integer, halves to the even one."""

    of_numbers = staticmethod(lambda number: sympy.Integer(round(number)))


class Absolute(_Real):
    """|x|, of slope sign(x)."""

    of_numbers = staticmethod(abs)

    def fdiff(self, argindex: int = 1) -> Any:
        return Sign(self.args[0])


class Largest(_Real):
    """The maximum of its arguments, of slope 1 in the largest and 0 in all others."""

    of_numbers = staticmethod(max)

    def fdiff(self, argindex: int = 1) -> Any:
        return Step(self.args[argindex - 1] - largest(*_others(self.args, argindex)))


class Smallest(_Real):
    """The minimum of its arguments, of slope 1 in the smallest and 0 in all others."""

    of_numbers = staticmethod(min)

    def fdiff(self, argindex: int = 1) -> Any:
        return Step(smallest(*_others(self.args, argindex)) - self.args[argindex - 1])


def largest(*entries: Any) -> Any:
    """The maximum of one or more entries."""
    return entries[0] if len(entries) == 1 else Largest(*entries)


def smallest(*entries: Any) -> Any:
    """The minimum of one or more entries."""
    return entries[0] if len(entries) == 1 else Smallest(*entries)


def _others(entries: tuple[Any, ...], argindex: int) -> tuple[Any, ...]:
    return entries[: argindex - 1] + entries[argindex:]


KINKS = (Step, Sign)  # the slopes that jump where their argument is zero

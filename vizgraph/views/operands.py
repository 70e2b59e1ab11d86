"""List the tensors that a call was given, in written order."""

from __future__ import annotations

from collections.abc import Iterator

from vizgraph.model import Argument, Call, Ref


def references(call: Call) -> Iterator[tuple[Ref, int]]:
    """Each tensor operand with its position among all arguments, those in lists counted one by one."""
    arguments = (*call.arguments, *(argument for _, argument in call.keywords))
    for position, argument in enumerate(_flat(arguments)):
        if isinstance(argument, Ref):
            yield argument, position


def _flat(arguments: tuple[Argument, ...]) -> Iterator[Argument]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _flat(argument)
        else:
            yield argument

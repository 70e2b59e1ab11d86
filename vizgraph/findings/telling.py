"""Write why a number broke: the cause with the operand that did it, and what mends it."""

from __future__ import annotations

from typing import Final

from vizgraph.findings.causes import Cause, Facts
from vizgraph.findings.measure import bad, entry_text
from vizgraph.findings.scene import Operand, Scene
from vizgraph.notation.numbers import brief
from vizgraph.texts import say

SMALL: Final = frozenset(
    "sqrt_zero sqrt_negative log_zero divide_zero divide_zero_itself power_zero power_negative".split()
)
NEAR_ONE: Final = frozenset("log1p arc_outside arc_edge pole_one acosh logit_edge logit_outside".split())


def remedy(why: Cause, facts: Facts) -> str:
    """What mends it; where the small number in it is lost in a narrow dtype, that, too."""
    fix = say(f"finding.fix.{why.key}")
    dtype = facts.made.dtype
    lost = (dtype == "float16" and why.key in SMALL) or (dtype in ("float16", "bfloat16") and why.key in NEAR_ONE)
    return f"{fix} {say('finding.fix.narrow', dtype=dtype)}" if lost else fix


def because(scene: Scene, node: str, facts: Facts, why: Cause, what: str = "") -> str:
    """The cause in words; ``what`` is not finite about an operand that has no name."""
    operand = facts.operands[why.operand] if why.operand is not None and why.operand < len(facts.operands) else None
    if operand is not None and operand.value is not None and not operand.value.finite:
        what = bad(operand.value)
    return say(
        f"finding.cause.{why.key}",
        operand=_shown(operand, facts, why),
        name=(operand.caption if operand else "") or say("finding.constant"),
        function=facts.function.strip("_") or node,
        dtype=facts.made.dtype,
        bad=what,
    )


def _shown(operand: Operand | None, facts: Facts, why: Cause) -> str:
    """An operand with the number that did it, where that is known: ``x[0] = 0``."""
    caption = (operand.caption if operand else "") or say("finding.constant")
    value, at = operand.value if operand else None, why.at
    if value is not None and value.entries is not None:
        if len(value.entries) == 1:
            at = 0
        elif at is None and value.shape == facts.made.shape:
            at = facts.at
        if at is not None:
            number = brief(value.entries[at])
            return number if caption == number else f"{entry_text(caption, value, at)} = {number}"
    return say("finding.holds", name=caption)

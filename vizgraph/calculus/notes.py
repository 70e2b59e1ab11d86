"""Keep the sentences that say why a formula or a check is missing."""

from __future__ import annotations

_NOTES = {
    "no_forward": "The functions themselves were not recorded, so the Jacobian stands in numbers only.",
    "too_many": "A Jacobian of {rows} × {columns} entries is too large for formulas; it stands in numbers only.",
    "same_name": "Two leaves share a name, so the Jacobian stands in numbers only.",
    "no_leaf": "There are no formulas by {leaves}: the numbers stand alone.",
    "no_rule": "{operation}{line} has no formula here: what stands on it is in numbers only.",
    "no_rule_for": "This use of {operation}{line} has no formula here: what stands on it is in numbers only.",
    "no_numbers": "The values of {operation}{line} are too many or not finite: what stands on them is in numbers only.",
    "too_large": "The result of {operation}{line} has too many entries for formulas: it is in numbers only.",
    "too_long": "From {operation}{line} on formulas are too long to read: what stands on it is in numbers only.",
    "slopes_too_long": "The derivatives are too long to read: some entries stand in numbers only.",
    "check.no_formula": "there is no formula",
    "check.kink": "the function has a kink or a tie at this point",
    "check.not_finite": "the formula has no finite value at this point",
    "check.engine_not_finite": "autograd's number is not finite, the derivative is",
    "check.moved": "the recorded values are not those of this pass: something was rewritten after it",
}


def note(key: str, **values: object) -> str:
    """The sentence of that key with the values filled in.

    >>> note("check.no_formula")
    'there is no formula'
    """
    return _NOTES[key].format_map(values)

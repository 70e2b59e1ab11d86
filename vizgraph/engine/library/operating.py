"""List the methods with which classes of a program take part in Python's operators."""

from __future__ import annotations

from typing import Final

# Python's node: the name between the underscores, and the sign in Python's sentences.
BINARY: Final = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod", "Pow": "pow",
    "MatMult": "matmul", "BitAnd": "and", "BitOr": "or", "BitXor": "xor", "LShift": "lshift", "RShift": "rshift",
}  # fmt: skip
SIGNS: Final = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "** or pow()",
    "MatMult": "@", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "LShift": "<<", "RShift": ">>",
}  # fmt: skip
UNARY: Final = {"USub": ("__neg__", "-"), "UAdd": ("__pos__", "+"), "Invert": ("__invert__", "~")}
# The method of the left side, that of the right side, the sign.
COMPARE: Final = {
    "Eq":    ("__eq__", "__eq__", "=="),
    "NotEq": ("__ne__", "__ne__", "!="),
    "Lt":    ("__lt__", "__gt__", "<"),
    "LtE":   ("__le__", "__ge__", "<="),
    "Gt":    ("__gt__", "__lt__", ">"),
    "GtE":   ("__ge__", "__le__", ">="),
}  # fmt: skip

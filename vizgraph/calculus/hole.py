"""Stand in for an entry that has no formula."""

from __future__ import annotations

from typing import Any, Final

import sympy

HOLE: Final[Any] = sympy.Dummy("hole")

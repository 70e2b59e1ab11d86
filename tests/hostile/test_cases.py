"""Run every case of the files in this folder through the worker: refused or harmless, as the case says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import vizgraph
from tests.hostile.zygote import answer, trouble
from vizgraph.worker import Zygote

CASES: list[dict[str, Any]] = [
    case
    for name in ("sample", "own")
    for case in json.loads((Path(__file__).parent / f"{name}.json").read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_hostile_case_does_no_harm(case: dict[str, Any], zygote: Zygote) -> None:
    gradient = case.get("gradient", case.get("settings", {}).get("upstream"))
    stages = answer(
        zygote, case["program"], values=case["values"], gradient=gradient, requires_grad=case.get("requires_grad")
    )
    if case["oracle"] == "refuse" and trouble(stages) is None:  # a field of the page may be of another program
        with pytest.raises(vizgraph.VizgraphError):
            vizgraph.visualize(case["program"], values=case["values"], gradient=gradient)
    else:
        assert "refused" in stages or "form" in stages

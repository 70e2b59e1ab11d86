"""Start the zygotes of these tests: real processes, with stages that fail for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vizgraph.worker import Zygote


@pytest.fixture(scope="module")
def stages_here() -> Iterator[None]:
    """Let a zygote import the modules beside this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        yield


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "without fork"])
def zygote(request: pytest.FixtureRequest, stages_here: None) -> Iterator[Zygote]:
    """One zygote for all faults of a module: each test shows that it goes on after them."""
    with Zygote(stages="faulty:stages", fork=request.param) as running:
        assert running.wait_ready(30)
        yield running


@pytest.fixture
def forking(stages_here: None) -> Iterator[Zygote]:
    """A zygote of the test's own, which it may kill."""
    with Zygote(stages="faulty:stages") as running:
        assert running.wait_ready(30)
        yield running

"""Start the engine that the page would start, once for a file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vizgraph.ui import jobs


@pytest.fixture(scope="module")
def engine() -> Iterator[None]:
    """The engine that the page itself would start, warm."""
    zygote = jobs.engine()
    assert zygote.wait_ready(60)
    yield
    zygote.close()
    jobs.engine.clear()

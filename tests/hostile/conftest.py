"""Start a zygote in an empty folder, and find the folder empty and no process left over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.zygote import settled
from vizgraph.worker import Zygote


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with Zygote() as one:
            assert one.wait_ready(60)
            yield one
            processes, sockets = settled(one)
            assert processes <= 1
            assert sockets == 0
        assert list(folder.iterdir()) == []

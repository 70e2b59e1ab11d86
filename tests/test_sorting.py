"""Put things into a line: held against the standard library's own sorter and against a real order of beats."""

from __future__ import annotations

from graphlib import TopologicalSorter
from random import Random

import pytest

from vizgraph.sorting import in_line


@pytest.mark.parametrize("seed", range(20))
def test_everything_stands_in_the_line_once_and_after_all_that_it_waits_for(seed: int) -> None:
    rank, followers = tangle(Random(seed))
    line = in_line(rank, followers)
    assert sorted(line) == sorted(rank)
    place = {id: number for number, id in enumerate(line)}
    assert all(place[id] < place[follower] for id in rank for follower in followers[id])


@pytest.mark.parametrize("seed", range(20))
def test_where_there_is_a_choice_the_lowest_rank_comes_first(seed: int) -> None:
    rank, followers = tangle(Random(seed))
    sorter = TopologicalSorter({id: [one for one in rank if id in followers[one]] for id in rank})
    sorter.prepare()
    ready: set[str] = set()
    for id in in_line(rank, followers):
        ready |= set(sorter.get_ready())
        assert id == min(ready, key=rank.__getitem__)
        ready.remove(id)
        sorter.done(id)


def test_a_ring_and_what_waits_for_it_are_left_out() -> None:
    assert in_line({"a": 0, "b": 1, "c": 2, "d": 3}, {"b": ["c"], "c": ["b", "d"]}) == ["a"]


def tangle(random: Random) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Twelve things of random ranks, with random followers that make no ring; some are named twice."""
    names = [f"n{number}" for number in range(12)]
    ranks = random.sample(range(100), len(names))
    followers = {
        name: [random.choice(names[i + 1 :]) for _ in range(random.randint(0, 3))] if i + 1 < len(names) else []
        for i, name in enumerate(names)
    }
    return dict(zip(names, ranks, strict=True)), followers

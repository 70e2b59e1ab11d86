"""Put things into one line, each after all that it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush


def in_line(rank: Mapping[str, int], followers: Mapping[str, Collection[str]]) -> list[str]:
    """The things that have a rank, its followers after each; where that leaves a choice, the lowest rank comes first.

    One that waits twice for another is named twice among its followers. What stands in a ring is left out.

    >>> in_line({"a": 0, "b": 1, "c": 2}, {"c": ["a"]})
    ['b', 'c', 'a']
    """
    waiting = Counter(follower for id in rank for follower in followers.get(id, ()))
    ready = [(number, id) for id, number in rank.items() if not waiting[id]]
    heapify(ready)
    line: list[str] = []
    while ready:
        _, id = heappop(ready)
        line.append(id)
        for follower in followers.get(id, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                heappush(ready, (rank[follower], follower))
    return line

"""From scores of heads to a tree: one root, no cycles (Chu and Liu 1965, Edmonds 1967)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
#: A score that no sum of real ones reaches.
NEVER = np.float32(-1e6)


def is_tree(heads: list[int]) -> bool:
    """Say whether heads (0 is the root, i + 1 is token i) have one root and no cycle."""
    if heads.count(0) != 1:
        return False
    seen = [0] * len(heads)
    for start in range(len(heads)):
        mark = start + 1
        node = start
        while not seen[node]:
            seen[node] = mark
            above = heads[node] - 1
            if above < 0:
                break
            node = above
        else:
            if seen[node] == mark:
                return False
    return True


def best_tree(scores: Floats) -> list[int]:
    """Return the head of each token, 0 for the root.

    :param scores: tokens x (1 + tokens), column 0 for the root.
    """
    count = len(scores)
    scores = scores.copy()
    scores[np.arange(count), np.arange(1, count + 1)] = NEVER
    heads: list[int] = scores.argmax(axis=1).tolist()
    if is_tree(heads):
        return heads
    square = np.full((count + 1, count + 1), NEVER, np.float32)
    square[1:] = scores
    heads = _edmonds(square)[1:]
    roots = [i for i, head in enumerate(heads) if head == 0]
    if len(roots) <= 1:
        return heads
    # More than one root: try each of them alone, and keep the best whole.
    best: list[int] = []
    highest = -np.inf
    for root in roots:
        single = square.copy()
        single[1:, 0] = NEVER
        single[root + 1, 0] = square[root + 1, 0]
        tried = _edmonds(single)[1:]
        total = float(sum(single[i + 1, head] for i, head in enumerate(tried)))
        if total > highest:
            best, highest = tried, total
    return best


def _edmonds(scores: Floats) -> list[int]:
    """Return the heads of the highest tree (scores: child x head; node 0 is the root)."""
    count = len(scores)
    heads = scores.argmax(axis=1)
    heads[0] = 0
    cycle = _cycle(heads.tolist())
    if not cycle:
        result: list[int] = heads.tolist()
        return result
    inside = np.zeros(count, bool)
    inside[cycle] = True
    members = np.array(cycle)
    rest = np.flatnonzero(~inside)
    kept = scores[members, heads[members]]
    # The cycle becomes one node, the last of the smaller problem.
    size = len(rest) + 1
    smaller = np.full((size, size), NEVER, np.float32)
    smaller[:-1, :-1] = scores[np.ix_(rest, rest)]
    out = scores[np.ix_(rest, members)]
    best_out = out.argmax(axis=1)
    smaller[:-1, -1] = out[np.arange(len(rest)), best_out]
    into = scores[np.ix_(members, rest)] - kept[:, None]
    best_in = into.argmax(axis=0)
    smaller[-1, :-1] = into[best_in, np.arange(len(rest))]
    smaller[0] = NEVER
    solved = _edmonds(smaller)
    final = heads.copy()
    for i, child in enumerate(rest.tolist()):
        if child == 0:
            continue
        head = solved[i]
        final[child] = members[best_out[i]] if head == size - 1 else rest[head]
    entry = solved[-1]
    final[members[best_in[entry]]] = rest[entry]
    answer: list[int] = final.tolist()
    return answer


def _cycle(heads: list[int]) -> list[int]:
    """Return the nodes of one cycle, or nothing."""
    state = [0] * len(heads)
    state[0] = -1
    for start in range(1, len(heads)):
        node = start
        while state[node] == 0:
            state[node] = start
            node = heads[node]
        if state[node] == start:
            cycle = [node]
            step = heads[node]
            while step != node:
                cycle.append(step)
                step = heads[step]
            return cycle
        node = start
        while state[node] == start:
            state[node] = -1
            node = heads[node]
    return []

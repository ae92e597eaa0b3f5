"""Which tasks stand well beside each other: what half of all moves are drawn from."""

import numpy as np

BLOCK = 256  # tasks at a time, so that the tables between stay in the processor's cache
WAITING = 0.3  # a minute waited, in minutes of road


def good_company(node: np.ndarray, travel: np.ndarray, may: np.ndarray, count: int) -> np.ndarray:
    """For each task the `count` best before or after it: a carer in common, short road, little waiting, little delay.

    `node`: the tasks with place, visit, minutes, opens, closes; `travel`: minutes between places; `may`: task, carer.
    Who has no company at all has itself, which no move takes.
    """
    count = min(count, len(node) - 1)
    if count < 1:
        return np.arange(len(node), dtype=np.int64)[:, None].copy()
    travel, hands = travel.astype(np.float32), may.astype(np.float32)
    near = np.empty((len(node), count), dtype=np.int64)
    for begin in range(0, len(node), BLOCK):
        rows = slice(begin, min(begin + BLOCK, len(node)))
        price = np.minimum(
            _price(node[rows], node, travel[node["place"][rows]][:, node["place"]]),
            _price(node, node[rows], travel[node["place"]][:, node["place"][rows]]).T,
        )
        price[node["visit"][rows, None] == node["visit"][None, :]] = np.inf
        price[hands[rows] @ hands.T == 0] = np.inf
        best = np.argpartition(price, count - 1, axis=1)[:, :count]
        rank = np.take_along_axis(price, best, axis=1).argsort(axis=1, kind="stable")
        near[rows] = np.take_along_axis(best, rank, axis=1)
    return near


def _price(first: np.ndarray, then: np.ndarray, road: np.ndarray) -> np.ndarray:
    """What it costs to come from one task to the next: the road, waiting at the best, delay at the least."""
    opens, closes, minutes = (first[name].astype(np.float32)[:, None] for name in ("opens", "closes", "minutes"))
    waited = then["opens"].astype(np.float32)[None, :] - road
    waited -= closes + minutes
    delay = road - then["closes"].astype(np.float32)[None, :]
    delay += opens + minutes
    price = np.maximum(waited, 0, out=waited)
    price *= WAITING
    price += np.maximum(delay, 0, out=delay)
    price += road
    return price

"""Group commit: one commit for many, an answer for each."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from yinling.kernel.errors import Refused
from yinling.ledger.teller import Teller


def post_all(teller: Teller, orders: Sequence[Any]) -> dict[Any, Any]:
    answers: dict[Any, Any] = {}

    def work(order: Any) -> None:
        try:
            answers[order] = teller.post(order)
        except Exception as error:
            answers[order] = error

    threads = [threading.Thread(target=work, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    return answers


@pytest.mark.parametrize("counters", [1, 3])
def test_everybody_gets_an_own_answer_and_nobody_waits_for_ever(counters: int):
    batches: list[int] = []

    def serve(take: Callable[[], Sequence[Any]]) -> list[Any]:
        orders = take()
        batches.append(len(orders))
        return [Refused("no") if order % 7 == 0 else f"made {order}" for order in orders]

    answers = post_all(Teller(serve, lambda: counters), range(60))
    assert all(answers[n] == f"made {n}" for n in range(60) if n % 7)
    assert all(isinstance(answers[n], Refused) for n in range(0, 60, 7))
    assert sum(batches) == 60


def test_those_who_come_while_it_is_not_yet_our_turn_are_served_together():
    entered, open_door, batches = threading.Event(), threading.Event(), []

    def serve(take: Callable[[], Sequence[Any]]) -> list[Any]:
        entered.set()
        open_door.wait(5)
        orders = take()
        batches.append(len(orders))
        return [f"made {order}" for order in orders]

    teller = Teller(serve, lambda: 1)
    results: dict[Any, Any] = {}
    runner = threading.Thread(target=lambda: results.update(post_all(teller, range(10))))
    runner.start()
    entered.wait(5)
    while len(teller._queue) < 10:
        pass
    open_door.set()
    runner.join(10)
    assert batches == [10]
    assert results[9] == "made 9"


def test_a_crash_reaches_every_caller_and_the_counter_opens_again():
    def serve(take: Callable[[], Sequence[Any]]) -> list[Any]:
        if "bad" in take():
            raise RuntimeError("disk full")
        return ["made" for _ in take()]

    teller = Teller(serve, lambda: 1)
    assert isinstance(post_all(teller, ["bad"])["bad"], RuntimeError)
    assert post_all(teller, ["good"])["good"] == "made"

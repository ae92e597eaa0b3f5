"""Readings of packs: told apart by a digest, compared as added or changed."""

import datetime as dt

from yinling.kernel.readings import Reading, difference, digest_of

NEW = Reading({"value": "b"}, dt.date(2026, 1, 1), None, True)
OLD = Reading({"value": "a"}, dt.date(2025, 1, 1), None, True)


def test_the_digest_does_not_hang_on_the_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": "银龄"}) == digest_of({"b": "银龄", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_a_date_counts_as_its_text() -> None:
    assert digest_of({"on": dt.date(2026, 1, 1)}) == digest_of({"on": "2026-01-01"})


def test_what_stood_nowhere_is_added_and_what_stood_is_changed() -> None:
    assert difference("x", None, NEW).kind == "added"
    assert difference("x", OLD, NEW).kind == "changed"

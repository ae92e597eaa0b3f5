"""Whole files: groups never hold two IDs, order does not matter, and the error model's truth is met."""

import numpy as np
import pytest

from tests.engines.linkage.people import a_valid_document, an_elder, as_frame
from yinling.benches.error_model import a_file
from yinling.benches.linkage import with_pinyin
from yinling.engines.linkage.deciding import Hold, Outcome
from yinling.engines.linkage.linking import link
from yinling.engines.linkage.weights import shipped_weights

WEIGHTS = shipped_weights()
OTHER_ID = a_valid_document("99010219500317004")


def test_two_holders_of_different_ids_are_not_chained_through_a_record_without_id() -> None:
    links = link(as_frame(an_elder(), an_elder(document=None), an_elder(document=OTHER_ID)), WEIGHTS)
    assert links.canonical.tolist() == [1, 2, 3]
    assert set(links.hold[links.outcome == Outcome.REVIEW].tolist()) == {Hold.CONFLICTING_DOCUMENTS, Hold.RIVALS}


def test_a_record_without_id_joins_the_holder_it_clearly_fits() -> None:
    namesake = an_elder(document=OTHER_ID, birth_month=3, phone="15974500002", address="9组9号", household_key="1")
    links = link(as_frame(an_elder(), an_elder(document=None), namesake), WEIGHTS)
    assert links.canonical.tolist() == [1, 1, 3]


def test_records_joined_through_a_third_do_not_wait_in_the_queue() -> None:
    with_phone_only = an_elder(document=None, village_key=990107001002, address=None, household_key=None)
    moved = an_elder(village_key=990107001002, phone=None, address=None, household_key=None)
    links = link(as_frame(an_elder(), moved, with_phone_only), WEIGHTS)
    assert links.canonical.tolist() == [1, 1, 1]
    assert links.review().tolist() == []


def test_a_phone_shared_by_a_whole_township_makes_no_pairs() -> None:
    crowd = [
        an_elder(name=f"张{chr(0x4E00 + n)}", pinyin=f"zhang{chr(97 + n % 26)}{chr(97 + n // 26)}o",
                 birth_year=1930 + n % 30, birth_month=n % 12 + 1, document=None, household_key=None,
                 village_key=990102003001 + n % 9)
        for n in range(130)
    ]  # fmt: skip
    links = link(as_frame(*crowd), WEIGHTS)
    assert links.blocks_too_large >= 1
    assert (links.outcome != Outcome.AUTO).all()


def test_the_order_of_the_file_does_not_change_the_groups() -> None:
    frame = with_pinyin(a_file(3_000, seed=5).records)
    straight = link(frame, WEIGHTS)
    shuffled = link(frame.sample(fraction=1.0, shuffle=True, seed=3), WEIGHTS)
    np.testing.assert_array_equal(straight.canonical, shuffled.canonical)


@pytest.mark.heavy
def test_no_group_of_a_generated_file_holds_two_valid_ids() -> None:
    from_error_model = a_file(20_000, seed=6)
    frame = with_pinyin(from_error_model.records)
    links = link(frame, WEIGHTS)
    valid = frame["document"].str.to_uppercase().map_elements(_is_valid, return_dtype=bool).fill_null(False).to_numpy()
    pairs = {(c, d.upper()) for c, d in zip(links.canonical[valid], frame["document"].to_numpy()[valid], strict=True)}
    assert len(pairs) == len({canonical for canonical, _ in pairs})


@pytest.mark.heavy
def test_a_generated_file_is_matched_nearly_as_its_truth_says() -> None:
    file = a_file(20_000, seed=8)
    links = link(with_pinyin(file.records), WEIGHTS)
    merged = {(a, b) for a, b in _pairs(links.canonical)}
    true = {(a, b) for a, b in _pairs(file.person)}
    assert len(merged - true) <= 1
    assert len(merged & true) / len(true) > 0.95


@pytest.mark.parametrize("rows", [0, 1])
def test_a_file_without_pairs_is_no_error(rows: int) -> None:
    links = link(as_frame(an_elder()).head(rows), WEIGHTS)
    assert len(links.canonical) == rows
    assert len(links.bits) == 0


def _is_valid(document: str) -> bool:
    return len(document) == 18 and document[:17].isdigit() and a_valid_document(document[:17]) == document


def _pairs(group: np.ndarray) -> list[tuple[int, int]]:
    rows: dict[int, list[int]] = {}
    for row, value in enumerate(group.tolist()):
        rows.setdefault(value, []).append(row)
    return [(a, b) for members in rows.values() for i, a in enumerate(members) for b in members[i + 1 :]]

"""The parts: names, numbers, dates, doors, keys, weights."""

from importlib import resources

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.linkage.people import a_valid_document, an_elder, as_frame
from yinling.benches import lunar_table
from yinling.engines.linkage.comparing import FIELDS, Birth, Document, Name, Pairs, Phone, compare
from yinling.engines.linkage.deciding import Ground, Hold
from yinling.engines.linkage.documents import encode_documents, one_slip_apart
from yinling.engines.linkage.explaining import GROUNDS, HOLDS, SENTENCES
from yinling.engines.linkage.keys import blocking_key_columns, blocking_keys
from yinling.engines.linkage.lunar import lunar_dates
from yinling.engines.linkage.matching import Record
from yinling.engines.linkage.records import clean_names, encode
from yinling.engines.linkage.weights import parse_weights, shipped_weights

WIFE = a_valid_document("99010219500317002")
# Months that the bench's table, like most almanacs in circulation, begins a day off the astronomical new moon.
ALMANACS_DISAGREE = ("1917-03", "1917-04", "1922-06", "1922-07", "1933-07", "1933-08", "1954-11", "1954-12")


def the_level(field: str, first: Record, second: Record) -> int:
    records = encode(as_frame(first, second))
    return int(compare(records, Pairs(np.array([0]), np.array([1])))[field][0])


@pytest.mark.parametrize(
    ("written", "clean"),
    [("张 秀　英", "张秀英"), ("张秀英(低保)", "张秀英"), ("张秀英（女）", "张秀英"), ("张秀英同志", "张秀英"),
     ("张*英", "张?英"), ("张XX", "张?"), ("Alexander", "Alexander"),
     ("阿依古丽·买买提", "阿依古丽买买提"), ("  ", None)],
)  # fmt: skip
def test_names_lose_what_is_not_the_name(written: str, clean: str | None) -> None:
    assert clean_names(pl.Series([written])).to_list() == [clean]


@pytest.mark.parametrize(
    ("name", "pinyin", "level"),
    [("张秀英", "zhangxiuying", Name.EXACT), ("张绣英", "zhangxiuying", Name.SOUND),
     ("张秀音", "zhangxiuyin", Name.DIALECT), ("张秀兰", "zhangxiulan", Name.PART), ("张?英", "zhang?ying", Name.PART),
     ("张英", "zhangying", Name.PART), ("张国华", "zhangguohua", Name.SURNAME), ("李秀英", "lixiuying", Name.GIVEN),
     ("李国华", "liguohua", Name.DIFFERENT), (None, None, Name.UNKNOWN)],
)  # fmt: skip
def test_names_agree_by_degrees(name: str | None, pinyin: str | None, level: Name) -> None:
    assert the_level("name", an_elder(), an_elder(name=name, pinyin=pinyin)) == level


@pytest.mark.parametrize(
    ("year", "month", "day", "level"),
    [(1950, 3, 17, Birth.EXACT), (1950, 1, 29, Birth.LUNAR), (1950, 3, 7, Birth.ONE_PART),
     (1953, 3, 17, Birth.OTHER_YEAR), (1950, None, None, Birth.YEAR_ONLY), (1950, 9, 2, Birth.SAME_YEAR),
     (1951, 9, 2, Birth.NEAR_YEAR), (1938, 9, 2, Birth.DIFFERENT), (None, None, None, Birth.UNKNOWN),
     (1050, 3, 17, Birth.UNKNOWN)],
)  # fmt: skip
def test_birth_dates_agree_by_degrees(year: int | None, month: int | None, day: int | None, level: Birth) -> None:
    first = an_elder(document=None)
    assert (
        the_level("birth", first, an_elder(document=None, birth_year=year, birth_month=month, birth_day=day)) == level
    )


def test_the_date_in_an_id_proves_nothing_between_two_records_that_hold_that_id() -> None:
    assert the_level("birth", an_elder(), an_elder(birth_year=1938, birth_month=9)) == Birth.DIFFERENT


def test_an_uncertain_birth_date_that_disagrees_says_nothing() -> None:
    uncertain = an_elder(document=None, birth_year=1938, birth_is_doubtful=True, birth_day=2)
    assert the_level("birth", an_elder(document=None), uncertain) == Birth.UNKNOWN


def test_swapped_day_and_month_are_seen() -> None:
    first = an_elder(document=None, birth_month=3, birth_day=7)
    assert the_level("birth", first, an_elder(document=None, birth_month=7, birth_day=3)) == Birth.SWAPPED


def test_the_date_in_the_id_stands_in_for_a_told_one_that_differs() -> None:
    told_otherwise = an_elder(birth_year=1951)
    assert the_level("birth", told_otherwise, an_elder(document=None)) == Birth.EXACT


@pytest.mark.heavy
@given(place=st.integers(0, 16), digit=st.integers(0, 9))
def test_a_mistyped_digit_is_never_a_valid_id_and_always_one_slip(place: int, digit: int) -> None:
    typed = WIFE[:place] + str(digit) + WIFE[place + 1 :]
    level = the_level("document", an_elder(document=WIFE), an_elder(document=typed))
    assert level == (Document.SAME if typed == WIFE else Document.SLIP)


@given(place=st.integers(0, 17))
def test_a_lost_or_doubled_digit_is_one_slip(place: int) -> None:
    texts = [WIFE, WIFE[:place] + WIFE[place + 1 :], WIFE[: place + 1] + WIFE[place:]]
    documents = encode_documents(pl.Series(texts))
    assert one_slip_apart(documents, np.array([0, 1, 0]), np.array([1, 0, 2])).all()
    assert documents.valid.tolist() == [True, False, False]


def test_an_old_number_of_15_digits_is_the_same_id() -> None:
    old = WIFE[:6] + WIFE[8:17]
    assert the_level("document", an_elder(document=WIFE), an_elder(document=old)) == Document.SAME


@pytest.mark.parametrize("document", ["990102195002300024", "990102195013010028", "99010219500317002A", "无", ""])
def test_an_impossible_date_or_character_makes_an_id_invalid(document: str) -> None:
    assert not encode_documents(pl.Series([document])).valid[0]


@pytest.mark.parametrize("address", ["3组12号", "第3组 12号", "三组十二号", "村民小组3组12号", "３组１２号"])
def test_one_door_written_in_different_ways_is_one_door(address: str) -> None:
    records = encode(as_frame(an_elder(), an_elder(address=address), an_elder(address="3组13号")))
    assert records.address[0] == records.address[1] != records.address[2]


def test_a_phone_with_hyphens_and_country_code_is_the_same() -> None:
    assert the_level("phone", an_elder(), an_elder(phone="+86 138-7450-0001")) == Phone.SAME
    assert the_level("phone", an_elder(), an_elder(phone="13874500007")) == Phone.SLIP
    assert the_level("phone", an_elder(), an_elder(phone="120")) == Phone.UNKNOWN


def test_lunar_dates_agree_with_an_independent_table_but_for_four_months() -> None:
    days = np.arange(_day("1911-01-01"), _day("1969-12-31"))
    reckoned = np.stack(lunar_dates(days))
    differing = days[(reckoned != np.stack(lunar_table.lunar_dates(days))).any(axis=0)]
    assert {str(day.astype("M8[D]"))[:7] for day in differing} <= set(ALMANACS_DISAGREE)


def _day(text: str) -> int:
    return int((np.datetime64(text) - np.datetime64("1970-01-01")).astype(int))


def test_records_of_one_woman_share_a_key_though_every_roster_has_another_mistake() -> None:
    rosters = [
        an_elder(2, document=None, birth_month=1, birth_day=29),
        an_elder(3, village_key=990109001001),
        an_elder(4, name="张绣英", birth_year=None, document=None),
        an_elder(5, name="王兰", pinyin="wanglan"),
    ]
    keys = set(blocking_keys(an_elder(1)))
    assert all(keys & set(blocking_keys(record)) for record in rosters)
    assert not keys & set(blocking_keys(an_elder(6, name="王兰", pinyin="wanglan", village_key=1)))


def test_keys_hold_neither_id_nor_phone_and_are_the_same_one_by_one_and_in_columns() -> None:
    people = [an_elder(1), an_elder(2, document=None, village_key=None), an_elder(3, name=None, pinyin=None)]
    found = blocking_key_columns(as_frame(*people))
    assert not [key for key in found["key"] if "13874500001" in key or WIFE[6:] in key]
    for person in people:
        assert found.filter(pl.col("record_id") == person.record_id)["key"].to_list() == blocking_keys(person)


def test_every_level_ground_and_hold_has_its_own_sentence() -> None:
    for field, kind in FIELDS.items():
        assert set(SENTENCES[field]) == set(kind)
    assert set(GROUNDS) == set(Ground) - {Ground.NONE}
    assert set(HOLDS) == set(Hold) - {Hold.NONE}
    sentences = [str(reason) for levels in SENTENCES.values() for reason in levels.values()]
    assert len(sentences) == len(set(sentences))


def test_weights_without_a_level_or_outside_zero_and_one_are_refused() -> None:
    shipped = resources.files("yinling.engines.linkage").joinpath("weights.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(shipped)
    data["fields"]["sex"]["same"]["u"] = 0.0
    with pytest.raises(ValueError, match="sex/same"):
        parse_weights(yaml.safe_dump(data))
    del data["fields"]["sex"]["same"]
    with pytest.raises(KeyError):
        parse_weights(yaml.safe_dump(data))


def test_closer_agreement_never_weighs_less_in_the_shipped_weights() -> None:
    bits = shipped_weights().bits
    assert bits["document"][Document.SAME] > bits["document"][Document.DIFFERENT] > bits["document"][Document.CONFLICT]
    assert bits["name"][Name.EXACT] > bits["name"][Name.SOUND] > bits["name"][Name.PART] > bits["name"][Name.DIFFERENT]
    assert bits["birth"][Birth.EXACT] > bits["birth"][Birth.LUNAR] > 0 > bits["birth"][Birth.DIFFERENT]

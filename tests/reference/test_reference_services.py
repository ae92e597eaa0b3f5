"""Deciding, verifying and loading dated values."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid
from yinling.reference import queries, services
from yinling.reference.models import Entry, Parameter, SpecialDay

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 1, 1)


def a_file(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": [dict(a_row(), **row) for row in rows]}


def a_row() -> dict[str, Any]:
    return {
        "key": "visit.days", "title": {"zh": "探访间隔", "en": "Days between visits"}, "value": 30, "unit": "days",
        "valid_from": DAY, "source": "a notice", "verified": False,
    }  # fmt: skip


def lists(**about: Any) -> dict[str, Any]:
    entries = [{"code": "01", "zh": "汉族", "en": "Han"}, {"code": "12", "zh": "侗族", "en": "Dong"}]
    listed = {"key": "ethnic", "title": {"zh": "民族", "en": "Ethnic group"}, "valid_from": DAY, "entries": entries}
    return {"lists": [listed | about]}


def load(data: dict[str, Any], system: System, pack: str = "nation", layer: int = 0) -> list[str]:
    done = services.load_parameters(data, file="parameters.yaml", pack=pack, layer=layer, by=system)
    return [difference.kind.value for difference in done]


def test_a_loaded_value_is_read_on_its_day_and_not_before(system: System) -> None:
    assert load(a_file({}), system) == ["added"]
    assert queries.parameter("visit.days", DAY) == 30
    with pytest.raises(queries.MissingParameter, match=r"visit\.days holds on 2024-12-31"):
        queries.parameter("visit.days", DAY - dt.timedelta(days=1))


def test_loading_again_changes_nothing_and_records_nothing(system: System) -> None:
    load(a_file({}), system)
    before = Parameter.objects.count(), Change.objects.count()
    assert load(a_file({}), system) == []
    assert (Parameter.objects.count(), Change.objects.count()) == before


def test_an_upgrade_keeps_last_years_value(system: System) -> None:
    load(a_file({}), system)
    later = dt.date(2026, 1, 1)
    assert load(a_file({"valid_from": later, "value": 14}), system) == ["ended", "added"]
    assert queries.parameter("visit.days", dt.date(2025, 12, 31)) == 30
    assert queries.parameter("visit.days", later) == 14


def test_a_past_day_reads_as_it_was_known_then(system: System) -> None:
    load(a_file({}), system)
    then = now()
    load(a_file({"value": 20}), system)
    assert queries.parameter("visit.days", DAY) == 20
    assert queries.parameter("visit.days", DAY, known_at=then) == 30


def test_a_citys_value_stands_before_the_nations_and_loading_the_nation_again_changes_nothing(system: System) -> None:
    load(a_file({}), system)
    load(a_file({"value": 7}), system, "city", 1)
    assert load(a_file({}), system) == []
    assert queries.parameter("visit.days", DAY) == 7


def test_a_local_value_stands_before_every_pack(system: System) -> None:
    load(a_file({}), system, "city", 1)
    services.set_parameter(key="visit.days", value=3, valid_from=DAY, by=system)
    services.set_parameter(key="visit.days", value=2, valid_from=DAY + dt.timedelta(days=9), by=system)
    assert [queries.parameter("visit.days", DAY + dt.timedelta(days=n)) for n in (0, 8, 9)] == [3, 3, 2]


def test_a_local_value_before_a_later_one_is_refused_and_nothing_is_written(system: System) -> None:
    services.set_parameter(key="x", value=3, valid_from=DAY, by=system)
    with pytest.raises(Refused, match="already has a value from 2025-01-01"):
        services.set_parameter(key="x", value=4, valid_from=DAY - dt.timedelta(days=1), by=system)
    assert Parameter.objects.count() == 1


def test_a_verified_local_value_without_a_source_is_refused(system: System) -> None:
    with pytest.raises(Refused, match="names its source"):
        services.set_parameter(key="x", value=3, valid_from=DAY, verified=True, by=system)


def test_somebody_without_the_right_may_not_decide_verify_or_load(county_clerk: User, system: System) -> None:
    load(a_file({}), system)
    with pytest.raises(NotAllowed):
        services.set_parameter(key="x", value=3, valid_from=DAY, by=county_clerk)
    with pytest.raises(NotAllowed):
        services.verify(table="parameter", uid=Parameter.objects.get().uid, source="a notice", by=county_clerk)
    with pytest.raises(NotAllowed):
        load(a_file({"value": 9}), county_clerk)  # type: ignore[arg-type]
    assert queries.parameter("visit.days", DAY) == 30


def test_verifying_names_the_document_and_keeps_what_was_believed_before(system: System) -> None:
    load(a_file({}), system)
    then = now()
    services.verify(table="parameter", uid=Parameter.objects.get().uid, source="民发 1 号, 第 3 条", by=system)
    assert queries.fact("visit.days", DAY).verified
    assert not queries.fact("visit.days", DAY, known_at=then).verified
    assert load(a_file({}), system) == []  # the pack's own mark does not undo it
    assert queries.unverified_by_pack() == {}


def test_verifying_without_a_document_twice_or_an_unknown_value_is_refused(system: System) -> None:
    load(a_file({}), system)
    with pytest.raises(Refused, match="Name the document"):
        services.verify(table="parameter", uid=Parameter.objects.get().uid, source=" ", by=system)
    fresh = services.verify(table="parameter", uid=Parameter.objects.get().uid, source="a notice", by=system)
    with pytest.raises(Refused, match="verified already"):
        services.verify(table="parameter", uid=fresh.uid, source="a notice", by=system)
    with pytest.raises(NotFound):
        services.verify(table="parameter", uid=new_uid(), source="a notice", by=system)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"valid_from": "soon"}, "visit.days cannot be read: valid_from"),
        ({"value": 1, "valid_to": DAY}, "ends before it begins"),
    ],
)
def test_a_faulty_file_is_refused_by_name_and_nothing_is_written(
    row: dict[str, Any], fault: str, system: System
) -> None:
    with pytest.raises(Refused, match=fault):
        load(a_file({"key": "first"}, row), system)
    assert not Parameter.objects.exists()


def test_the_database_itself_refuses_two_values_on_one_day(system: System) -> None:
    fields: dict[str, Any] = {"key": "x", "value": 1, "pack": "p"}
    Parameter.objects.create(valid_from=DAY, valid_to=dt.date(2026, 1, 1), **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Parameter.objects.create(valid_from=dt.date(2025, 6, 1), valid_to=dt.date(2027, 1, 1), **fields)
    Parameter.objects.create(valid_from=dt.date(2026, 1, 1), **fields)


def test_codes_have_words_in_both_languages_and_old_codes_keep_theirs(system: System) -> None:
    services.load_code_lists(lists(), file="lists.yaml", pack="nation", layer=0, by=system)
    assert [code.code for code in queries.entries("ethnic")] == ["01", "12"]
    shorter = lists(entries=[{"code": "01", "zh": "汉族", "en": "Han"}])
    services.load_code_lists(shorter, file="lists.yaml", pack="nation", layer=0, by=system)
    assert [code.code for code in queries.entries("ethnic")] == ["01"]
    with translation.override("zh-hans"):
        assert (queries.label("ethnic", "12"), queries.list_title("ethnic")) == ("侗族", "民族")
    with translation.override("en"):
        assert (queries.label("ethnic", "12"), queries.label("ethnic", "99")) == ("Dong", "99")


def test_a_code_written_as_a_number_is_refused_because_01_is_not_1(system: System) -> None:
    with pytest.raises(Refused, match="must be written as text"):
        services.load_code_lists(
            lists(entries=[{"code": 1, "zh": "汉", "en": "Han"}]), file="lists.yaml", pack="n", layer=0, by=system
        )
    assert not Entry.objects.exists()


def test_fifty_labels_in_one_transaction_cost_what_one_costs(system: System, django_assert_num_queries: Any) -> None:
    services.load_code_lists(lists(), file="lists.yaml", pack="nation", layer=0, by=system)
    queries.label("ethnic", "01")
    with django_assert_num_queries(0):
        for _ in range(50):
            queries.label("ethnic", "12")


def test_special_days_load_replace_and_go(system: System) -> None:
    about = {"source": "a notice", "verified": True}
    first = about | {"days_off": [{"day": dt.date(2026, 10, 1), "zh": "国庆", "en": "N"}]}
    worked = about | {"working_weekends": [{"day": dt.date(2026, 10, 10), "zh": "国庆", "en": "N"}]}

    def bring(data: dict[str, Any]) -> list[str]:
        done = services.load_special_days(data, file="holidays.yaml", pack="nation", layer=0, by=system)
        return [difference.kind.value for difference in done]

    assert bring(first) == ["added"]
    assert bring(first) == []
    assert not queries.is_working_day(dt.date(2026, 10, 1))
    assert bring(first | worked) == ["added"]
    assert queries.is_working_day(dt.date(2026, 10, 10))
    assert bring(worked) == ["removed"]
    assert queries.is_working_day(dt.date(2026, 10, 1))
    assert SpecialDay.objects.filter(superseded_at__isnull=False).count() == 1
    counted = queries.count_working_days(dt.date(2026, 12, 31), 1)
    assert counted.day == dt.date(2027, 1, 1) and counted.doubt is not None


def test_an_instant_keeps_its_time_of_day_in_the_city(system: System) -> None:
    friday = dt.datetime(2026, 3, 6, 17, 30, tzinfo=dt.UTC)  # 01:30 on Saturday in the city
    assert queries.add_working_days(friday, 1).isoformat() == "2026-03-09T01:30:00+08:00"

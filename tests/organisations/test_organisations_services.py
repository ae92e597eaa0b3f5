"""Registering, changing, closing and merging legal persons."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import HECHENG, LUFENG, QIAOJIANG, XUPU, a_user
from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.engines.codes.uscc import check_character
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.organisations import queries, services
from yinling.organisations.models import Identifier, Merge, Organisation, Role, Version
from yinling.organisations.permissions import Organisations
from yinling.organisations.services import Details
from yinling.places.models import Place
from yinling.reference import services as reference

pytestmark = pytest.mark.django_db
DAY, LATER = dt.date(2024, 3, 1), dt.date(2025, 3, 1)


def a_code(serial: str = "MA4L000001") -> str:
    first = f"5243{'1224'}{serial[:9]}"
    return first + check_character(first)


@pytest.fixture
def keeper(city: Place, monkeypatch: pytest.MonkeyPatch) -> User:
    """Keeps the organisations of Xupu county."""
    monkeypatch.setitem(roles._roles, "keeper", roles.Role("keeper", "", "", frozenset(Organisations)))
    return a_user("keeper", XUPU, "keeper")


def registered(by: Any, name: str = "溆浦县康宁养老服务中心", place_key: int = LUFENG, **details: Any) -> Organisation:
    return services.register_organisation(
        place_key=place_key, details=Details(name=name, **details), by=by, valid_from=DAY
    )


def test_a_registered_organisation_is_found_by_name_pinyin_initials_and_code(keeper: User) -> None:
    made = registered(keeper, uscc=a_code().lower())
    for text in ("康宁", "xpxkn", "xupuxiankangning", a_code()):
        assert list(queries.matching(keeper, text=text)) == [made], text
    assert not queries.matching(keeper, text="别的")


def test_registering_leaves_a_version_a_sealed_phone_and_a_change_without_the_phone(keeper: User) -> None:
    made = registered(keeper, phone="0745-2312349", representative="舒 禾")
    made.refresh_from_db()
    assert b"2312349" not in bytes(made.phone) and queries.phone(made) == "0745-2312349"
    assert made.representative == "舒禾"
    assert Version.objects.get().valid_from == DAY
    change = Change.objects.get(type="organisations.registered")
    assert change.place_key == LUFENG and "2312349" not in str(change.data)


@pytest.mark.parametrize(
    ("details", "field", "words"),
    [
        ({"name": "  "}, "name", "registered name"),
        ({"uscc": "52431224MA4L00000"}, "uscc", "17 characters"),
        ({"uscc": "52431224MA4L000000"}, "uscc", "does not add up"),
        ({"phone": "12"}, "phone", "."),
        ({"status": "closed"}, "status", "button"),
    ],
)
def test_a_faulty_entry_is_refused_beside_its_field_and_nothing_is_written(
    details: dict[str, str], field: str, words: str, keeper: User
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        registered(keeper, **({"name": "甲"} | details))
    assert refusal.value.field == field
    assert not Organisation.objects.exists() and not Version.objects.exists()


def test_a_credit_code_is_registered_once_in_the_whole_city_without_telling_whose(keeper: User, system: System) -> None:
    registered(system, "鹤城区某公司", HECHENG, uscc=a_code())
    with pytest.raises(Refused, match="registered already") as refusal:
        registered(keeper, uscc=a_code())
    assert "鹤城" not in str(refusal.value)
    assert Organisation.objects.count() == 1


def test_a_legal_form_outside_the_list_is_refused_when_the_list_is_loaded(keeper: User, system: System) -> None:
    listed = {
        "key": "legal_form", "title": {"zh": "法人类型", "en": "Legal form"}, "valid_from": DAY,
        "entries": [{"code": "company", "zh": "企业", "en": "Company"}],
    }  # fmt: skip
    reference.load_code_lists({"lists": [listed]}, file="l", pack="n", layer=0, by=system)
    with pytest.raises(Refused, match="not in the list legal_form"):
        registered(keeper, legal_form="guild")
    assert registered(keeper, legal_form="company").legal_form == "company"


def test_another_county_reads_as_not_found_and_without_the_right_nothing_is_registered(
    keeper: User, other_county_clerk: User, system: System
) -> None:
    theirs = registered(system, "鹤城区某公司", HECHENG)
    with pytest.raises(NotFound):
        queries.organisation(theirs.uid, keeper)
    with pytest.raises(NotFound):
        services.change_organisation(uid=theirs.uid, details=Details(name="乙"), on=LATER, by=keeper)
    assert not queries.matching(keeper)
    with pytest.raises(NotAllowed):
        registered(keeper, "丙", HECHENG)


def test_a_change_keeps_what_was_on_file_before(keeper: User) -> None:
    made = registered(keeper)
    services.change_organisation(uid=made.uid, details=Details(name="溆浦县福寿养老院", phone=""), on=LATER, by=keeper)
    assert queries.version_on(made.uid, valid_on=DAY).name == "溆浦县康宁养老服务中心"
    assert queries.version_on(made.uid, valid_on=LATER).name == "溆浦县福寿养老院"
    assert [row.valid_from for row in queries.history(made)] == [LATER, DAY]
    made.refresh_from_db()
    assert made.initials == "xpxfsyly"


def test_a_past_day_reads_as_it_was_known_before_a_correction(keeper: User) -> None:
    made = registered(keeper)
    then = now()
    services.change_organisation(uid=made.uid, details=Details(name="康宁养老中心"), on=DAY, by=keeper)
    assert queries.version_on(made.uid, valid_on=DAY).name == "康宁养老中心"
    assert queries.version_on(made.uid, valid_on=DAY, known_at=then).name == "溆浦县康宁养老服务中心"
    assert len(queries.history(made)) == 1


def test_the_same_details_again_change_nothing(keeper: User) -> None:
    made = registered(keeper, phone="0745-2312349")
    before = Version.objects.count(), Change.objects.count()
    same = Details(name=made.name, phone="07452312349")
    services.change_organisation(uid=made.uid, details=same, on=LATER, by=keeper)
    assert (Version.objects.count(), Change.objects.count()) == before


def test_a_change_before_what_is_on_file_began_is_refused(keeper: User) -> None:
    made = registered(keeper)
    with pytest.raises(Refused, match="holds since 2024-03-01"):
        services.change_organisation(uid=made.uid, details=Details(name="乙"), on=dt.date(2023, 1, 1), by=keeper)
    assert Version.objects.count() == 1


def test_closing_ends_the_roles_and_stops_changes_until_it_is_reopened(keeper: User) -> None:
    made = registered(keeper)
    services.give_role(uid=made.uid, role="operator", valid_from=DAY, by=keeper)
    services.close_organisation(uid=made.uid, on=LATER, reason="注销", by=keeper)
    assert list(queries.matching(keeper, role="operator", on=DAY)) == [made]
    assert not queries.matching(keeper, role="operator", on=LATER)
    for attempt in (
        lambda: services.change_organisation(uid=made.uid, details=Details(name="乙"), on=LATER, by=keeper),
        lambda: services.give_role(uid=made.uid, role="operator", valid_from=LATER, by=keeper),
    ):
        with pytest.raises(Refused, match="closed"):
            attempt()
    services.reopen_organisation(uid=made.uid, on=dt.date(2025, 6, 1), reason="误注销", by=keeper)
    assert queries.version_on(made.uid, valid_on=dt.date(2025, 4, 1)).status == "closed"
    assert queries.version_on(made.uid, valid_on=dt.date(2025, 7, 1)).status == "active"
    with pytest.raises(Refused, match="not closed"):
        services.reopen_organisation(uid=made.uid, on=LATER, reason="", by=keeper)


def test_a_role_given_twice_is_held_once_and_ends_once(keeper: User) -> None:
    made = registered(keeper)
    first = services.give_role(uid=made.uid, role="contractor", valid_from=DAY, by=keeper)
    assert services.give_role(uid=made.uid, role="contractor", valid_from=LATER, by=keeper) == first
    services.end_role(uid=made.uid, role="contractor", on=LATER, by=keeper)
    assert Role.objects.current().get().valid_to == LATER
    with pytest.raises(Refused, match="does not hold"):
        services.end_role(uid=made.uid, role="contractor", on=LATER, by=keeper)


def test_a_merged_record_points_to_the_one_that_stands_and_can_be_undone(keeper: User) -> None:
    one, two, three = (registered(keeper, name) for name in ("甲", "乙", "丙"))
    services.merge_organisations(uid=one.uid, into=two.uid, reason="同一家", by=keeper)
    services.merge_organisations(uid=two.uid, into=three.uid, reason="同一家", by=keeper)
    assert queries.standing(one.uid) == three
    assert list(queries.matching(keeper)) == [three]
    services.undo_merge(uid=one.uid, reason="弄错了", by=keeper)
    assert queries.standing(one.uid) == one
    assert Merge.objects.filter(undone_at__isnull=True).count() == 1
    with pytest.raises(Refused, match="not merged"):
        services.undo_merge(uid=one.uid, reason="", by=keeper)


def test_merges_that_cannot_be_right_are_refused(keeper: User, system: System) -> None:
    one, two = registered(keeper, "甲", uscc=a_code()), registered(keeper, "乙", uscc=a_code("MA4L00002"))
    three = registered(keeper, "丙")
    with pytest.raises(Refused, match="into itself"):
        services.merge_organisations(uid=one.uid, into=one.uid, reason="", by=keeper)
    with pytest.raises(Refused, match="different credit codes"):
        services.merge_organisations(uid=one.uid, into=two.uid, reason="", by=keeper)
    services.merge_organisations(uid=three.uid, into=one.uid, reason="", by=keeper)
    with pytest.raises(Refused, match="already merged"):
        services.merge_organisations(uid=three.uid, into=two.uid, reason="", by=keeper)
    theirs = registered(system, "丁", HECHENG)
    with pytest.raises(NotFound):
        services.merge_organisations(uid=theirs.uid, into=one.uid, reason="", by=keeper)
    assert Merge.objects.count() == 1


def test_a_number_of_another_system_means_one_organisation(keeper: User) -> None:
    one, two = registered(keeper, "甲"), registered(keeper, "乙", QIAOJIANG)
    services.add_identifier(uid=one.uid, system="civil-affairs", value="7", by=keeper)
    services.add_identifier(uid=one.uid, system="civil-affairs", value="7", by=keeper)
    with pytest.raises(Refused, match="belongs to another organisation"):
        services.add_identifier(uid=two.uid, system="civil-affairs", value="7", by=keeper)
    assert queries.by_identifier("civil-affairs", "7") == one
    assert Identifier.objects.count() == 1


def test_the_phone_is_shown_for_a_reason_that_is_recorded(keeper: User) -> None:
    made = registered(keeper, phone="0745-2312349")
    with pytest.raises(Refused, match="why"):
        services.reveal_phone(uid=made.uid, reason=" ", by=keeper)
    assert services.reveal_phone(uid=made.uid, reason="核对床位", by=keeper) == "0745-2312349"
    assert Change.objects.get(type="organisations.phone_seen").reason == "核对床位"


def test_the_database_refuses_a_second_holder_of_a_code_and_two_open_versions(keeper: User) -> None:
    made = registered(keeper, uscc=a_code())
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(place_key=LUFENG, name="乙", uscc=a_code())
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(organisation=made, name="乙", valid_from=LATER)


def test_rows_for_a_spreadsheet_have_a_cell_per_column_and_no_phone(keeper: User) -> None:
    made = registered(keeper, uscc=a_code(), phone="0745-2312349")
    row = next(queries.export_rows([made]))
    assert len(row) == len(queries.EXPORT_COLUMNS)
    assert a_code() in row and not any("2312349" in cell for cell in row)

"""Inspections: planned, carried out, signed by two, turned into hazards; and every refusal, with nothing written."""

from typing import Any

import pytest
from PIL import ExifTags, Image

from tests.conftest import HECHENG, QIAOJIANG
from tests.pictures import told_by
from yinling.accounts.models import User
from yinling.inspections import services
from yinling.inspections.models import Finding, Hazard, Inspection, Interest, Photo, Signature
from yinling.inspections.rules.inspecting import Answered
from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.worklist.models import WorkItem

from .builders import (
    BY,
    DAY,
    SECRET,
    a_home,
    a_manager,
    a_photo,
    a_planned_inspection,
    an_inspector,
    answered,
    signed_by,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(city: Any) -> tuple[User, User]:
    return an_inspector("first"), an_inspector("second")


def duties(kind: str) -> int:
    return WorkItem.objects.open().filter(kind=f"inspections.{kind}").count()


def test_a_planned_inspection_is_a_duty_of_those_who_are_sent(home: Institution, two: tuple[User, User]) -> None:
    found = a_planned_inspection(home, *two)
    assert found.number.startswith("J431224-") and duties("inspect") == 2


def test_two_sign_and_each_item_not_in_order_becomes_a_hazard(home: Institution, two: tuple[User, User]) -> None:
    found = answered(a_planned_inspection(home, *two), fire_7="插线板串接电热毯", fire_1="通道堆物")
    found = signed_by(found, two[0])
    assert found.state == "first_signed" and not Hazard.objects.exists() and duties("inspect") == 2
    found = signed_by(found, two[1])
    assert (found.state, found.result) == ("signed", "ordered")
    assert {h.item: h.words for h in Hazard.objects.all()} == {"fire.7": "插线板串接电热毯", "fire.1": "通道堆物"}
    assert {(h.origin_kind, h.origin_uid) for h in Hazard.objects.all()} == {("inspection", found.uid)}
    assert duties("inspect") == 0 and duties("notice") == 2


def test_a_change_after_the_first_signature_makes_it_fall_away(home: Institution, two: tuple[User, User]) -> None:
    found = signed_by(answered(a_planned_inspection(home, *two)), two[0])
    services.answer(uid=found.uid, item="fire.1", given=Answered("no", "堆物"), by=two[1])
    assert Signature.objects.get().fell_away_at is not None
    assert Inspection.objects.get().state == "started"


def test_a_self_check_is_signed_by_one_and_finds_hazards_too(home: Institution) -> None:
    manager = a_manager(home)
    found = services.plan_inspection(
        institution_uid=home.uid, kind="self_check", checklist_key="fire", planned_on=civil_date(), by=manager
    )
    found = signed_by(answered(found, manager, fire_4="灭火器失压"), manager)
    assert found.state == "signed" and Hazard.objects.get().origin_kind == "self_check"


def test_a_refused_entry_is_signed_without_answers(home: Institution, two: tuple[User, User]) -> None:
    found = a_planned_inspection(home, *two)
    services.describe(uid=found.uid, around=services.Around(is_refused_entry=True), by=two[0])
    assert signed_by(found, *two).result == "refused_entry"


def test_whoever_is_sent_from_another_county_may_inspect(home: Institution) -> None:
    stranger, other = an_inspector("stranger", HECHENG), an_inspector("nobody", HECHENG)
    found = a_planned_inspection(home, stranger)
    assert services.answer(uid=found.uid, item="fire.1", given=Answered("yes"), by=stranger)
    with pytest.raises(NotFound):
        services.answer(uid=found.uid, item="fire.2", given=Answered("yes"), by=other)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"planned_on": civil_date() - DAY}, "is over"), ({"planned_on": civil_date() + 400 * DAY}, "a year ahead"),
        ({"kind": "random"}, "comes from a draw"), ({"checklist_key": "none"}, "Nothing found"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(home: Institution, more: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        a_planned_inspection(home, **more)
    assert not Inspection.objects.exists() and not WorkItem.objects.exists()


def test_nobody_is_sent_where_they_work_or_have_an_interest(home: Institution, two: tuple[User, User]) -> None:
    services.declare_interest(institution_uid=home.uid, why="姐姐在院居住", by=two[0])
    with pytest.raises(Refused, match="declared an interest"):
        a_planned_inspection(home, two[0])
    with pytest.raises(Refused, match="works in this home"):
        a_planned_inspection(home, a_manager(home))
    assert not Inspection.objects.exists()


def test_an_interest_is_declared_once_and_withdrawn_by_oneself(home: Institution, two: tuple[User, User]) -> None:
    first = services.declare_interest(institution_uid=home.uid, why="姐姐在院居住", by=two[0])
    assert services.declare_interest(institution_uid=home.uid, why="姐姐在院居住", by=two[0]) == first
    with pytest.raises(Refused, match="Say why"):
        services.declare_interest(institution_uid=home.uid, why="", by=two[1])
    with pytest.raises(NotFound):
        services.withdraw_interest(uid=first.uid, by=two[1])
    services.withdraw_interest(uid=first.uid, by=two[0])
    assert not Interest.objects.standing().exists()


def test_an_answer_that_is_none_or_to_a_slot_is_refused(home: Institution) -> None:
    found = a_planned_inspection(home, checklist_key="major_hazards")
    with pytest.raises(Refused, match="Answer in order"):
        services.answer(uid=found.uid, item="art4.1", given=Answered("maybe"), by=BY)
    with pytest.raises(Refused, match="no verified text"):
        services.answer(uid=found.uid, item="slot_03", given=Answered("no", "x"), by=BY)
    assert not Finding.objects.exists() and Inspection.objects.get().state == "planned"


def test_an_incomplete_inspection_is_not_signed(home: Institution, two: tuple[User, User]) -> None:
    found = a_planned_inspection(home, *two)
    with pytest.raises(Refused, match="12 items are open"):
        signed_by(found, two[0])
    assert not Signature.objects.exists()


def test_a_wrong_password_signs_nothing_and_stays_on_record(home: Institution, two: tuple[User, User]) -> None:
    found = answered(a_planned_inspection(home, *two))
    for way, secret in (("password", "wrong"), ("pin", "1234"), ("drawn", SECRET)):
        with pytest.raises(Refused):
            services.sign(uid=found.uid, way=way, secret=secret, digest_seen=services.digest_of(found), by=two[0])
    assert not Signature.objects.exists()
    assert Change.objects.filter(type="inspections.signature_refused").count() == 1


def test_too_many_wrong_passwords_shut_the_way(home: Institution, two: tuple[User, User]) -> None:
    found = answered(a_planned_inspection(home, *two))
    for _try in range(5):
        with pytest.raises(Refused):
            services.sign(uid=found.uid, way="password", secret="no", digest_seen="", by=two[0])
    with pytest.raises(Refused, match="Wrong 5 times"):
        signed_by(found, two[0])


def test_nobody_signs_twice_or_what_they_have_not_seen(home: Institution, two: tuple[User, User]) -> None:
    found = signed_by(answered(a_planned_inspection(home, *two)), two[0])
    with pytest.raises(Refused, match="signed already"):
        signed_by(found, two[0])
    with pytest.raises(Refused, match="changed after you opened"):
        services.sign(uid=found.uid, way="password", secret=SECRET, digest_seen="old", by=two[1])
    assert Signature.objects.count() == 1


def test_a_signed_inspection_is_closed_to_the_pen(home: Institution, two: tuple[User, User]) -> None:
    found = signed_by(answered(a_planned_inspection(home, *two)), *two)
    with pytest.raises(Refused, match="stays as it is"):
        services.answer(uid=found.uid, item="fire.1", given=Answered("no", "x"), by=two[0])
    with pytest.raises(Refused, match="stays as it is"):
        services.photograph_item(uid=found.uid, item="fire.1", stream=a_photo(), name="a.jpg", by=two[0])
    with pytest.raises(Refused, match="stays as it is"):
        services.void_inspection(uid=found.uid, reason="弄错了，作废", by=two[0])
    assert Finding.objects.get(item="fire.1").answer == "yes" and not Photo.objects.exists()


def test_voiding_says_why_and_takes_the_duty_away(home: Institution, two: tuple[User, User]) -> None:
    found = a_planned_inspection(home, *two)
    with pytest.raises(Refused, match="Say why"):
        services.void_inspection(uid=found.uid, reason="", by=two[0])
    assert Inspection.objects.get().state == "planned"
    services.void_inspection(uid=found.uid, reason="机构当日停电", by=two[0])
    assert Inspection.objects.get().state == "void" and duties("inspect") == 0


def test_a_home_does_not_see_who_is_coming(home: Institution, two: tuple[User, User]) -> None:
    manager, found = a_manager(home), a_planned_inspection(home, *two)
    assert not Inspection.objects.visible_to(manager).exists()
    signed_by(answered(found), *two)
    assert Inspection.objects.visible_to(manager).exists()


def test_the_other_county_and_the_other_home_see_nothing(home: Institution, two: tuple[User, User]) -> None:
    found = signed_by(answered(a_planned_inspection(home, *two), fire_1="堆物"), *two)
    for user in (an_inspector("far", HECHENG), a_manager(a_home("桥江镇敬老院", QIAOJIANG), "other")):
        assert not Inspection.objects.visible_to(user).exists()
        assert not Hazard.objects.visible_to(user).exists()
        with pytest.raises(NotFound):
            services.void_inspection(uid=found.uid, reason="不是我的", by=user)


def test_a_manager_plans_no_inspection_from_outside(home: Institution) -> None:
    with pytest.raises(NotAllowed):
        services.plan_inspection(
            institution_uid=home.uid, kind="planned", checklist_key="fire", planned_on=civil_date(), by=a_manager(home)
        )
    assert not Inspection.objects.exists()


def test_a_photo_tells_time_and_place_and_the_hazard_gets_it(home: Institution, two: tuple[User, User]) -> None:
    Institution.objects.filter(pk=home.pk).update(longitude=110.5, latitude=27.9)
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:03:01 09:30:00"}
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (27.0, 54.0, 0.0), 3: "E", 4: (110.0, 30.0, 36.0)}
    found = a_planned_inspection(home, *two)
    services.photograph_item(uid=found.uid, item="fire.1", stream=a_photo(exif=exif), name="a.jpg", by=two[0])
    signed_by(answered(found, fire_1="堆物"), *two)
    photo = Photo.objects.get()
    assert photo.hazard == Hazard.objects.get()
    assert photo.taken_at and photo.taken_at.isoformat() == "2026-03-01T01:30:00+00:00"
    assert photo.metres_away and 900 < photo.metres_away < 1100
    assert told_by(services.open_photo(uid=photo.uid, by=two[0]).content()) == {}  # the camera's own words are not kept


def test_the_same_picture_again_is_named_even_when_saved_anew(home: Institution, two: tuple[User, User]) -> None:
    first, second = a_planned_inspection(home, *two), a_planned_inspection(a_home("桥江镇敬老院", QIAOJIANG))
    kept = services.photograph_item(uid=first.uid, item="fire.1", stream=a_photo(3), name="a.jpg", by=two[0])
    smaller = a_photo(3, size=(1280, 960))
    again = services.photograph_item(uid=second.uid, item="fire.2", stream=smaller, name="b.jpg", by=BY)
    assert again.same_as == kept and kept.same_as is None
    other = services.photograph_item(uid=second.uid, item="fire.2", stream=a_photo(5), name="c.jpg", by=BY)
    assert other.same_as is None
    assert services.photograph_item(uid=first.uid, item="fire.1", stream=a_photo(3), name="a", by=two[0]) == kept


def test_what_is_no_photo_is_refused(home: Institution, two: tuple[User, User]) -> None:
    found = a_planned_inspection(home, *two)
    text = a_photo()
    text.seek(0)
    text.truncate()
    text.write(b"not a picture")
    text.seek(0)
    with pytest.raises(Refused, match="cannot be kept"):
        services.photograph_item(uid=found.uid, item="fire.1", stream=text, name="a.txt", by=two[0])
    assert not Photo.objects.exists()


def test_a_photo_is_opened_by_those_who_see_its_inspection(home: Institution, two: tuple[User, User]) -> None:
    found = a_planned_inspection(home, *two)
    photo = services.photograph_item(uid=found.uid, item="fire.1", stream=a_photo(), name="a.jpg", by=two[0])
    assert services.open_photo(uid=photo.uid, by=two[1]).content()
    with pytest.raises(NotFound):
        services.open_photo(uid=photo.uid, by=an_inspector("far", HECHENG))

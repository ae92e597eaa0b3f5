"""Consent first: what needs one is in the table only while it holds, and gone from the very next table on."""

import datetime as dt
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.conftest import LUFENG, a_user
from tests.devices.builders import (
    BY,
    a_device,
    a_home,
    a_person,
    agreed,
    beds_in,
    in_home_of,
    in_house,
    standing,
    took_back,
)
from tests.institutions.builders import a_resident, waiting
from tests.people.test_around import a_guardian
from yinling.accounts.models import User
from yinling.devices import queries, services
from yinling.devices.models import CareScope, Device
from yinling.devices.queries import consents
from yinling.devices.services import Spot
from yinling.institutions.services import admit
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.people.models import Person
from yinling.people.services import end_guardian, register_death

pytestmark = pytest.mark.django_db
Answering = Callable[[Person, Actor], bool]


@pytest.fixture
def answering() -> Iterator[list[Answering]]:
    """Who answers an open alert, for this test."""
    held = consents._answers[:]
    yield consents._answers
    consents._answers[:] = held


POSITION = {"latitude", "longitude"}


def allowed(device: Device) -> set[str]:
    return queries.device_table().allowed(device.number)


def test_without_a_consent_only_what_needs_none_is_in_the_table(keeper: User) -> None:
    band = in_home_of(a_person(), "wristband", "worn")
    assert allowed(band) == {"fall", "sos", "battery"}


def test_a_consent_withdrawn_is_gone_from_the_very_next_table(keeper: User) -> None:
    person = a_person()
    band = in_home_of(person, "wristband", "worn")
    consent = agreed(person, "position")
    before = queries.device_table()
    assert before.allowed(band.number) >= POSITION and before.consents["position"].tolist() == [True]
    assert not queries.is_behind(before.mark)
    took_back(consent, civil_date())
    assert queries.is_behind(before.mark)
    after = queries.device_table()
    assert not after.allowed(band.number) & POSITION and after.consents["position"].tolist() == [False]
    assert {one.key for one in queries.allowed_metrics(band)} == {"fall", "sos", "battery"}


def test_each_purpose_opens_its_own_metrics_only(keeper: User) -> None:
    person = a_person()
    mat = in_home_of(person, "bed_mat", "bedroom")
    agreed(person, "vital_signs")
    assert allowed(mat) == {"heart_rate", "breath_rate", "heartbeat"}
    agreed(person, "baseline")
    assert "in_bed" in allowed(mat)


def test_the_last_day_of_a_term_counts_and_the_dead_are_watched_no_more(keeper: User) -> None:
    person = a_person()
    mat = in_home_of(person, "bed_mat", "bedroom")
    agreed(person, "vital_signs", valid_to=civil_date())
    assert "heart_rate" in allowed(mat)
    tomorrow = civil_date() + dt.timedelta(days=1)
    assert not queries.in_force(tomorrow).exists()
    register_death(uid=person.uid, died_on=civil_date(), by=BY)
    assert "heart_rate" not in allowed(mat)


def test_a_guardians_consent_holds_while_the_guardianship_does(keeper: User) -> None:
    person = a_person()
    guardian = a_guardian(person, keeper)
    mat = in_home_of(person, "bed_mat", "bedroom")
    agreed(person, "vital_signs", method="guardian", guardian_uid=guardian.uid)
    held = queries.device_table()
    assert "heart_rate" in held.allowed(mat.number)
    end_guardian(uid=person.uid, guardian_uid=guardian.uid, on=civil_date(), reason="监护关系终止", by=keeper)
    assert queries.is_behind(held.mark) and "heart_rate" not in allowed(mat)


def test_a_device_on_a_bed_is_about_whoever_lies_there_today(keeper: User) -> None:
    home, person = a_home(), a_person()
    bed = beds_in(home, 1)[0]
    mat = standing(a_device("bed_mat"), Spot(home, bed=bed, spot="bedroom"))
    agreed(person, "vital_signs")
    empty = queries.device_table()
    assert "heart_rate" not in empty.allowed(mat.number)
    admit(application_uid=waiting(home, person).uid, bed_uid=bed.uid, by=BY)
    table = queries.device_table()
    assert queries.is_behind(empty.mark) and "heart_rate" in table.allowed(mat.number)
    assert table.person[table.row_of(mat.number)] == person.pk
    assert queries.watched_by(mat) == [person]


def test_in_a_shared_room_all_must_have_agreed(keeper: User) -> None:
    home, one, other = a_home(), a_person("向禾"), a_person("舒桂")
    beds = beds_in(home, 2)
    radar = standing(a_device("fall_radar"), Spot(home, beds[0].room, spot="bedroom"))
    for person, bed in zip((one, other), beds, strict=True):
        a_resident(home, person, bed_uid=bed.uid)
    agreed(one, "baseline")
    assert "presence" not in allowed(radar) and "fall" in allowed(radar)
    agreed(other, "baseline")
    assert "presence" in allowed(radar)


def test_the_table_carries_devices_in_use_in_order_of_their_numbers_with_their_scopes(keeper: User) -> None:
    home, person = a_home(longitude=110.5, latitude=27.9), a_person()
    gateway, smoke, sos = in_house(home, "gateway"), in_house(home), in_home_of(person, "sos_button", "bedroom")
    a_device()  # in store: not in the table
    broken = in_house(home)
    services.set_state(uid=broken.uid, state="faulty", why="自检不通过", by=keeper)
    services.hang_on(uid=smoke.uid, gateway_uid=gateway.uid, by=keeper)
    table = queries.device_table()
    assert table.number.tolist() == [gateway.number, smoke.number, sos.number]
    assert table.gateway.tolist() == [-1, gateway.number, -1]
    assert table.institution.tolist() == [home.pk, home.pk, -1] and table.person.tolist() == [-1, -1, person.pk]
    assert set(table.care_scope.tolist()) == set(CareScope.objects.values_list("id", flat=True))
    assert [table.kinds[kind] for kind in table.kind] == ["gateway", "smoke", "sos"]
    assert table.latitude[0] == 27.9 and np.isnan(table.latitude[2])
    assert (table.number.dtype, table.channel_metric.dtype) == (np.int32, np.int16)
    assert table.row_of(10_000) == -1


def test_the_table_takes_the_same_few_statements_for_many_devices(
    keeper: User, django_assert_num_queries: object
) -> None:
    home = a_home()
    for _ in range(3):
        in_house(home)
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert len(queries.device_table()) == 3


def test_an_empty_register_gives_an_empty_table(profiles: None) -> None:
    table = queries.device_table()
    assert len(table) == 0 and len(table.channel_device) == 0 and not queries.is_behind(table.mark)


def test_a_change_that_does_not_matter_asks_for_no_new_table(keeper: User) -> None:
    device = in_house(a_home())
    mark = queries.mark()
    services.record_maintenance(uid=device.uid, work="tested", by=keeper)
    assert not queries.is_behind(mark)
    services.set_state(uid=device.uid, state="faulty", why="自检不通过", by=keeper)
    assert queries.is_behind(mark)


def test_position_is_for_named_kin_and_whoever_answers_an_alert_under_a_consent_in_force(
    keeper: User, answering: list[Answering]
) -> None:
    person, daughter, answerer = a_person(), a_user("volunteer", LUFENG, "nv"), a_user("carer", LUFENG, "zb")
    answering[:] = [lambda _person, by: by.uid == answerer.uid]
    assert not queries.may_see_position(person, answerer)
    consent = agreed(person, "position", recipient="女儿")
    day = civil_date() + dt.timedelta(days=30)
    services.share_position(
        person_uid=person.uid, consent_uid=consent.uid, grantee_uid=daughter.uid, until=day, by=keeper
    )
    assert queries.may_see_position(person, daughter)
    assert queries.may_see_position(person, answerer)
    assert not queries.may_see_position(person, keeper)
    took_back(consent, civil_date())
    assert not queries.may_see_position(person, daughter)
    assert not queries.may_see_position(person, answerer)


def test_position_is_not_shared_under_a_consent_to_something_else(keeper: User) -> None:
    person = a_person()
    consent = agreed(person, "vital_signs")
    with pytest.raises(NotFound):
        services.share_position(
            person_uid=person.uid, consent_uid=consent.uid, grantee_uid=keeper.uid, until=civil_date(), by=keeper
        )
    assert not person.grants.exists()

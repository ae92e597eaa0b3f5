"""What the database itself refuses about beds, also by raw SQL."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.institutions.builders import a_home, a_person, a_resident, ago, beds_in
from yinling.institutions import services
from yinling.institutions.models import BedUse, Institution, Stay
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.places.models import Place

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture
def home(city: Place) -> Institution:
    """A home of two beds, one of them lived in for ten days."""
    made = a_home()
    beds_in(made, 2)
    return made


@pytest.fixture
def resident(home: Institution) -> Stay:
    return a_resident(home)


def refused(sql: str, *values: Any) -> str:
    """What the database says to a raw statement; it must refuse."""
    with pytest.raises(IntegrityError) as said, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(said.value)


def a_stay(home: Institution, name: str = "向禾", days_ago: float = 5) -> Stay:
    return Stay.objects.create(number=name, person=a_person(name), institution=home, admitted_at=ago(days_ago))


def test_a_bed_is_not_given_to_a_second_stay_by_raw_sql(home: Institution, resident: Stay) -> None:
    use = BedUse.objects.open().get(stay=resident)
    second = a_stay(home)
    said = refused(
        "INSERT INTO institutions_beduse (bed_id, kind, stay_id, valid_from, recorded_at) "
        "VALUES (%s, 'occupied', %s, %s, %s)",
        use.bed_id, second.pk, second.admitted_at, now(),
    )  # fmt: skip
    assert "held_by_two" in said or "held_once" in said


def test_a_bed_held_in_the_past_is_not_given_to_somebody_else_for_those_days(home: Institution, resident: Stay) -> None:
    use = BedUse.objects.open().get(stay=resident)
    services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=ago(2))
    second = Stay.objects.create(
        number="past",
        person=a_person("向禾"),
        institution=home,
        admitted_at=ago(5),
        left_at=ago(3),
        leaving_reason="home",
    )
    with pytest.raises(IntegrityError, match="held_by_two"), transaction.atomic():
        BedUse.objects.create(
            bed=use.bed, kind="occupied", stay=second, valid_from=second.admitted_at, valid_to=second.left_at,
            ended_at=now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("valid_to = '2099-01-01 00:00:00+00', ended_at = '2024-01-01 00:00:00+00'", "freed_before"),
        ("superseded_at = '2024-01-01 00:00:00+00'", "freed_before"),
    ],
)
def test_a_bed_is_not_freed_while_the_person_lives_there(
    change: str, word: str, home: Institution, resident: Stay
) -> None:
    assert word in refused(f"UPDATE institutions_beduse SET {change} WHERE stay_id = %s", resident.pk)


def test_a_bed_use_is_not_switched_to_another_bed_or_deleted(home: Institution, resident: Stay) -> None:
    use = BedUse.objects.get(stay=resident)
    other = home.beds.exclude(pk=use.bed_id).get()
    assert "switched" in refused("UPDATE institutions_beduse SET bed_id = %s WHERE id = %s", other.pk, use.pk)
    services.discharge(stay_uid=resident.uid, reason="home", by=BY)
    assert "switched" in refused("UPDATE institutions_beduse SET bed_id = %s WHERE id = %s", other.pk, use.pk)
    assert "deleted" in refused("DELETE FROM institutions_beduse WHERE id = %s", use.pk)


def test_no_second_bed_is_written_for_a_stay_that_has_ended(home: Institution, resident: Stay) -> None:
    use = BedUse.objects.get(stay=resident)
    services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=ago(1))
    resident.refresh_from_db()
    other = home.beds.exclude(pk=use.bed_id).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BedUse.objects.create(
            bed=other, kind="occupied", stay=resident, valid_from=ago(5), valid_to=resident.left_at, ended_at=now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        BedUse.objects.create(bed=other, kind="occupied", stay=resident, valid_from=ago(5))


def test_a_stay_is_not_ended_in_the_future_nor_reopened(home: Institution, resident: Stay) -> None:
    tomorrow = now() + dt.timedelta(days=1)
    with pytest.raises(IntegrityError, match="happened"), transaction.atomic():
        Stay.objects.filter(pk=resident.pk).update(left_at=tomorrow, leaving_reason="home")
    services.discharge(stay_uid=resident.uid, reason="home", by=BY)
    assert "reopened" in refused("UPDATE institutions_stay SET left_at = NULL WHERE id = %s", resident.pk)


def test_a_person_is_not_in_two_stays_at_a_time(home: Institution, resident: Stay) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(number="x", person=resident.person, institution=home, admitted_at=now())
    services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=ago(2))
    with pytest.raises(IntegrityError, match="two_stays"), transaction.atomic():
        Stay.objects.create(
            number="y",
            person=resident.person,
            institution=home,
            admitted_at=ago(4),
            left_at=ago(3),
            leaving_reason="home",
        )


def test_leaving_frees_the_bed_at_that_instant_and_not_before(home: Institution, resident: Stay) -> None:
    with pytest.raises(Refused, match="lies ahead"):
        services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=now() + dt.timedelta(hours=1))
    assert BedUse.objects.open().filter(stay=resident).exists()
    left = services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=ago(1))
    use = BedUse.objects.get(stay=resident)
    assert use.valid_to == left.left_at and use.ended_at is not None and use.ended_at > use.valid_to


def test_another_bed_frees_the_one_before_in_the_same_statement(home: Institution, resident: Stay) -> None:
    first = BedUse.objects.open().get(stay=resident)
    other = home.beds.exclude(pk=first.bed_id).get()
    made = services.move(stay_uid=resident.uid, bed_uid=other.uid, by=BY)
    first.refresh_from_db()
    assert first.valid_to == made.valid_from
    assert BedUse.objects.open().get(stay=resident).bed == other


def test_a_corrected_leaving_keeps_the_old_one_and_the_bed(home: Institution, resident: Stay) -> None:
    services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=ago(1))
    services.correct_discharge(stay_uid=resident.uid, left_at=ago(4), reason="补录", by=BY)
    old, new = BedUse.objects.filter(stay=resident).order_by("id")
    assert old.superseded_at is not None and new.superseded_at is None
    assert (new.bed_id, new.corrects_id) == (old.bed_id, old.pk) and new.valid_to < old.valid_to
    with pytest.raises(Refused, match="after admission"):
        services.correct_discharge(stay_uid=resident.uid, left_at=ago(30), reason="补录", by=BY)


def test_a_correction_of_another_bed_is_refused(home: Institution, resident: Stay) -> None:
    services.discharge(stay_uid=resident.uid, reason="home", by=BY, left_at=ago(1))
    use = BedUse.objects.get(stay=resident)
    other = home.beds.exclude(pk=use.bed_id).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BedUse.objects.create(
            bed=other, kind="occupied", stay=resident, valid_from=use.valid_from, valid_to=use.valid_to,
            ended_at=now(), corrects=use,
        )  # fmt: skip


def test_a_void_stay_gives_its_bed_back(home: Institution, resident: Stay) -> None:
    services.void_stay(stay_uid=resident.uid, reason="登记错人", by=BY)
    assert not BedUse.objects.current().filter(stay=resident).exists()
    assert BedUse.objects.filter(stay=resident).count() == 1

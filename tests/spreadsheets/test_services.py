"""Rosters in: each row has an outcome, nothing is doubled, and not yours reads as not there."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import XUPU
from tests.spreadsheets.rosters import a_roster, a_row, as_csv, imported, rows, uploaded
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.spreadsheets import importing, preparing, services
from yinling.spreadsheets.models import Import, RememberedMapping
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.queries import import_seen_by, imports_seen_by

pytestmark = pytest.mark.django_db


def test_every_row_has_an_outcome_and_one_change_row_stands_for_the_batch(county_clerk: User) -> None:
    found = imported(as_csv([*rows(30), {**a_row(99), "身份证号码": "4.33E+17"}]), county_clerk)
    assert (found.state, found.counts) == ("done", {"created": 30, "refused": 1})
    assert Person.objects.count() == 30
    assert Change.objects.filter(type="people.roster_applied").count() == 1
    refused = found.outcomes().page([OutcomeKind.REFUSED])[0]
    assert refused.row == 32 and "4.33E+17" in str(refused.reasons[0]) and refused.label.startswith("刘**")


def test_the_same_file_again_changes_nothing(county_clerk: User) -> None:
    imported(as_csv(rows(30)), county_clerk)
    before = list(Person.objects.order_by("id").values())
    again = imported(as_csv(rows(30)), county_clerk)
    assert again.counts == {"unchanged": 30}
    assert list(Person.objects.order_by("id").values()) == before


def test_a_corrected_file_updates_and_names_the_fields(county_clerk: User) -> None:
    imported(as_csv(rows(30)), county_clerk)
    corrected = rows(30)
    corrected[7]["联系电话"], corrected[8]["村（社区）"] = "13711112222", "东风社区"
    again = imported(as_csv(corrected), county_clerk)
    assert again.counts == {"unchanged": 28, "updated": 2}
    changed = {outcome.row: outcome.changed for outcome in again.outcomes().page([OutcomeKind.UPDATED])}
    assert changed == {9: ("phone",), 10: ("place_key",)}


def test_a_mapping_confirmed_once_is_remembered_for_everybody(county_clerk: User, other_county_clerk: User) -> None:
    first = uploaded(as_csv(rows(5)), county_clerk)
    pairing = first.plans()[0].pairing
    assert pairing is not None
    services.choose_mapping(uid=first.uid, columns={pairing.signature: {5: None, 3: None}}, by=county_clerk)
    assert RememberedMapping.objects.get().columns == ["name", "sex", "document_number", None, "village", None]
    second = uploaded(as_csv(rows(5, "新街社区")), other_county_clerk)
    again = second.plans()[0].pairing
    assert again is not None and again.remembered() == RememberedMapping.objects.get().columns


def test_a_file_without_the_column_that_is_needed_is_not_started(county_clerk: User) -> None:
    found = uploaded(as_csv(rows(5)), county_clerk)
    pairing = found.plans()[0].pairing
    assert pairing is not None
    with pytest.raises(Refused, match="paired with Name"):
        services.choose_mapping(uid=found.uid, columns={pairing.signature: {0: None}}, by=county_clerk)
    assert not RememberedMapping.objects.exists()


def test_another_countys_import_reads_as_not_found(county_clerk: User, other_county_clerk: User) -> None:
    found = imported(as_csv(rows(3)), county_clerk)
    for act in (services.stop, services.resume, services.annotate, services.read_again, services.open_annotated):
        with pytest.raises(NotFound):
            act(uid=found.uid, by=other_county_clerk)
    with pytest.raises(NotFound):
        import_seen_by(other_county_clerk, found.uid)
    assert not imports_seen_by(other_county_clerk).exists()


def test_a_township_sees_its_own_imports_and_the_county_those_of_its_townships(
    county_clerk: User, township_clerk: User
) -> None:
    of_county, of_town = imported(as_csv(rows(2)), county_clerk), imported(as_csv(rows(2)), township_clerk)
    assert set(imports_seen_by(county_clerk)) == {of_county, of_town}
    assert set(imports_seen_by(township_clerk)) == {of_town}


def test_who_may_not_import_uploads_nothing(village_visitor: User, county_clerk: User) -> None:
    with pytest.raises(NotAllowed):
        uploaded(as_csv(rows(2)), village_visitor)
    with pytest.raises(NotAllowed):
        uploaded(as_csv(rows(2)), county_clerk, place_key=431202000000)
    assert not Import.objects.exists()


def test_a_colleague_sees_an_import_but_only_its_uploader_stops_it(county_clerk: User, township_clerk: User) -> None:
    found = uploaded(as_csv(rows(2)), township_clerk)
    with pytest.raises(Refused, match="Only township_clerk"):
        services.start(uid=found.uid, by=county_clerk)


def test_rows_of_another_county_are_refused_and_not_written(county_clerk: User) -> None:
    found = imported(as_csv(rows(3, "新街社区")), county_clerk)
    assert found.counts == {"refused": 3}
    assert not Person.objects.exists()


def test_an_import_stopped_on_the_way_keeps_what_is_taken_and_goes_on_from_there(
    county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = uploaded(as_csv(rows(1200)), county_clerk)
    services.start(uid=found.uid, by=county_clerk)
    take = importing.take

    def taking(*arguments: Any) -> None:
        take(*arguments)
        services.stop(uid=found.uid, by=county_clerk)

    monkeypatch.setattr(importing, "take", taking)
    jobs.run_all()
    found.refresh_from_db()
    assert (found.state, found.taken, Person.objects.count()) == ("stopped", 499, 499)
    monkeypatch.undo()
    services.resume(uid=found.uid, by=county_clerk)
    jobs.run_all()
    found.refresh_from_db()
    assert (found.state, found.counts) == ("done", {"created": 1200})
    assert sum(found.outcomes().counts().values()) == Person.objects.count() == 1200


def test_an_import_stopped_before_it_began_has_taken_nothing(county_clerk: User) -> None:
    found = uploaded(as_csv(rows(3)), county_clerk)
    services.start(uid=found.uid, by=county_clerk)
    assert services.stop(uid=found.uid, by=county_clerk).taken == 0
    assert jobs.run_all() == 0
    assert import_seen_by(county_clerk, found.uid).state == "stopped"


def test_a_batch_that_fails_is_not_written_and_the_import_says_so(
    county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("disk full")

    found = uploaded(as_csv(rows(3)), county_clerk)
    services.start(uid=found.uid, by=county_clerk)
    monkeypatch.setattr("yinling.spreadsheets.outcomes.OutcomeWriter.append", full)
    jobs.run_all()
    found.refresh_from_db()
    assert (found.state, found.taken, Person.objects.count()) == ("failed", 0, 0)
    assert found.failure_reason is not None and "Try again" in str(found.failure_reason)


def test_no_plain_copy_of_the_roster_stays_behind(county_clerk: User, home: Path) -> None:
    found = imported(as_csv(rows(3)), county_clerk)
    left = [path for path in home.rglob("*") if path.is_file()]
    assert all(a_row(0)["身份证号码"].encode() not in path.read_bytes() for path in left)
    assert not list(found.folder.glob("opened*"))


def test_the_annotated_workbook_is_there_when_the_import_is_done(county_clerk: User) -> None:
    found = imported(as_csv(rows(3)), county_clerk)
    opened = services.open_annotated(uid=found.uid, by=county_clerk)
    assert opened.file.name.startswith("卢峰镇名册") and opened.content().startswith(b"PK")


def test_the_command_line_imports_a_file_in_one_call(county_clerk: User, tmp_path: Path) -> None:
    path = a_roster(tmp_path, rows(5))
    found = services.import_file(path=path, register_key="people", by=county_clerk, place_key=XUPU)
    assert (found.state, found.counts) == ("done", {"created": 5})


def test_the_same_file_falls_apart_in_the_same_places_wherever_it_is_taken_up(county_clerk: User) -> None:
    found = uploaded(as_csv(rows(1200)), county_clerk)
    with importing.opened_copy(found) as path:
        whole = [piece.position for piece in preparing.pieces(importing.work_of(found.uid, path))]
        Import.objects.update(position_sheet=0, position_row=500)
        rest = [piece.position for piece in preparing.pieces(importing.work_of(found.uid, path))]
    assert whole == [(0, 500), (0, 1000), (0, 1201)] and rest == whole[1:]

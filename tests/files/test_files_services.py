"""Putting files in, looking into them, taking them out."""

import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import HECHENG, LUFENG, a_user
from tests.pictures import a_png
from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.files import queries, services
from yinling.files.kinds import KINDS
from yinling.files.models import Blob, StoredFile
from yinling.files.permissions import Files
from yinling.files.services import About
from yinling.kernel.actors import System
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"
HERE = About(place_key=LUFENG, subject_kind="person", purpose="face to face")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A vault of the test's own."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def a_photo(by: Any, content: bytes = a_png(), about: About = HERE, **more: Any) -> StoredFile:
    return services.store(io.BytesIO(content), kind="photo", name="face.png", about=about, by=by, **more)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_stored_file_comes_out_as_it_went_in_and_is_not_readable_on_disk(county_clerk: User, folder: Path) -> None:
    content = a_png(size=(400, 400))
    stored = a_photo(county_clerk, content)
    assert services.open_file(stored.uid, by=county_clerk).content() == content
    assert (stored.media_type, stored.size) == ("image/png", len(content))
    assert PNG not in on_disk(folder)[0].read_bytes()


def test_a_look_into_a_protected_file_is_recorded_with_its_reason(county_clerk: User) -> None:
    stored = a_photo(county_clerk)
    services.open_file(stored.uid, by=county_clerk, reason="核对本人")
    look = Change.objects.get(type="files.opened")
    assert (look.subject_uid, look.reason, look.place_key) == (stored.uid, "核对本人", LUFENG)


def test_a_look_at_a_picture_of_a_dish_is_not_recorded(county_clerk: User) -> None:
    stored = services.store_bytes(a_png(), kind="picture", name="soup.png", about=HERE, by=county_clerk)
    services.open_file(stored.uid, by=county_clerk)
    assert not Change.objects.filter(type="files.opened").exists()


def test_another_countys_file_reads_as_not_found(other_county_clerk: User, county_clerk: User) -> None:
    stored = a_photo(county_clerk)
    with pytest.raises(NotFound):
        services.open_file(stored.uid, by=other_county_clerk)
    with pytest.raises(NotFound):
        services.erase(stored.uid, reason="x", by=other_county_clerk)
    with pytest.raises(NotFound):
        queries.stored_file(stored.uid, by=other_county_clerk)
    mine = a_photo(other_county_clerk, about=About(place_key=LUFENG))
    assert services.open_file(mine.uid, by=other_county_clerk).content().startswith(PNG)


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"MZ\x90\x00", "unknown type"), (b"%PDF-1.7", "application/pdf")]
)
def test_a_wrong_type_is_refused_by_its_content_and_nothing_is_written(
    content: bytes, words: str, county_clerk: User, folder: Path
) -> None:
    with pytest.raises(Refused, match=words):
        a_photo(county_clerk, content)
    assert not StoredFile.objects.exists() and not on_disk(folder)


def test_too_large_a_file_is_refused_with_the_limit_and_nothing_is_left(county_clerk: User, folder: Path) -> None:
    large = PNG + bytes(KINDS["signature"].most_bytes)
    with pytest.raises(Refused, match="larger than 1 MB"):
        services.store_bytes(large, kind="signature", name="s.png", about=HERE, by=county_clerk)
    assert not StoredFile.objects.exists() and not on_disk(folder)


def test_the_same_upload_twice_is_one_file_and_the_same_content_one_blob(county_clerk: User, folder: Path) -> None:
    uid = new_uid()
    assert a_photo(county_clerk, uid=uid) == a_photo(county_clerk, uid=uid)
    a_photo(county_clerk)
    assert (StoredFile.objects.count(), Blob.objects.count(), len(on_disk(folder))) == (2, 1, 1)


def test_a_failure_while_the_row_is_written_leaves_no_content(
    county_clerk: User, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("power")

    monkeypatch.setattr(services, "record", fail)
    with pytest.raises(RuntimeError):
        a_photo(county_clerk)
    assert not StoredFile.objects.exists() and not on_disk(folder)


def test_an_altered_or_missing_blob_is_refused_and_named_to_the_doctor(county_clerk: User, folder: Path) -> None:
    stored = a_photo(county_clerk)
    path = on_disk(folder)[0]
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    with pytest.raises(Refused, match="damaged"):
        services.open_file(stored.uid, by=county_clerk)
    assert services.faults() == [path.name]
    path.unlink()
    assert services.faults() == [path.name]
    assert not Change.objects.filter(type="files.opened").exists()


def test_erasure_takes_the_content_and_keeps_the_digest(
    county_clerk: User, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    stored, again = a_photo(county_clerk), a_photo(county_clerk)
    digest = bytes(stored.sha256)
    with django_capture_on_commit_callbacks(execute=True):
        services.erase(stored.uid, reason="同意撤回", by=county_clerk)
    assert services.open_file(again.uid, by=county_clerk).content().startswith(PNG)  # the same content, put in twice
    with django_capture_on_commit_callbacks(execute=True):
        services.erase(again.uid, reason="同意撤回", by=county_clerk)
        services.erase(again.uid, reason="同意撤回", by=county_clerk)
    assert not on_disk(folder) and not Blob.objects.exists()
    stored.refresh_from_db()
    assert bytes(stored.sha256) == digest
    assert Change.objects.filter(type="files.erased").count() == 2
    with pytest.raises(Refused, match="was erased on"):
        services.open_file(stored.uid, by=county_clerk)


def test_erasing_somebody_elses_file_needs_the_right_and_a_reason(
    county_clerk: User, township_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = a_photo(county_clerk)
    with pytest.raises(NotAllowed):
        services.erase(stored.uid, reason="x", by=township_clerk)
    with pytest.raises(Refused, match="why"):
        services.erase(stored.uid, reason=" ", by=county_clerk)
    monkeypatch.setitem(roles._roles, "keeper", roles.Role("keeper", "", "", frozenset(Files)))
    services.erase(stored.uid, reason="x", by=a_user("keeper", LUFENG))
    assert StoredFile.objects.present().count() == 0


def test_files_whose_term_has_ended_are_erased_once(county_clerk: User, system: System) -> None:
    for day in (1, 2):
        a_photo(county_clerk, about=About(place_key=LUFENG, keep_until=dt.date(2026, 1, day)))
    assert services.erase_expired(dt.date(2026, 1, 1), by=system) == 1
    assert services.erase_expired(dt.date(2026, 1, 1), by=system) == 0
    assert StoredFile.objects.present().get().keep_until == dt.date(2026, 1, 2)


def test_the_sweep_removes_what_the_dead_left_and_nothing_else(county_clerk: User, folder: Path) -> None:
    a_photo(county_clerk)
    kept = on_disk(folder)[0]
    for name in ("old.part", "orphan"):
        (kept.parent / name).write_bytes(b"x")
        os.utime(kept.parent / name, (1, 1))
    (kept.parent / "young.part").write_bytes(b"x")
    os.utime(kept, (1, 1))
    assert services.sweep() == ["old.part", "orphan"]
    assert {path.name for path in on_disk(folder)} == {kept.name, "young.part"}


def test_data_keys_are_sealed_anew_after_a_rotation(
    county_clerk: User, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = a_photo(county_clerk)
    fresh = services.keyring().with_new_data_key()
    monkeypatch.setattr("yinling.kernel.crypto.keyring", lambda: fresh)
    monkeypatch.setattr(services, "keyring", lambda: fresh)
    assert services.reseal_keys() == 1
    assert services.reseal_keys() == 0
    assert services.open_file(stored.uid, by=county_clerk).content().startswith(PNG)


def test_a_download_is_an_attachment_that_browsers_do_not_guess_at(client: Client, county_clerk: User) -> None:
    stored = services.store_bytes(a_png(), kind="photo", name="..\\a/照片\n.png", about=HERE, by=county_clerk)
    address = reverse("files:download", args=[stored.uid])
    assert client.get(address).status_code == 302
    client.force_login(county_clerk)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == a_png()  # type: ignore[attr-defined]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment") and "\n" not in answer["Content-Disposition"]


def test_another_countys_download_is_not_there(client: Client, other_county_clerk: User, county_clerk: User) -> None:
    stored = a_photo(county_clerk)
    client.force_login(other_county_clerk)
    assert client.get(reverse("files:download", args=[stored.uid])).status_code == 404


def test_looking_costs_the_same_statements_whatever_the_size(
    county_clerk: User, django_assert_max_num_queries: Any
) -> None:
    small = a_photo(county_clerk, about=About(place_key=HECHENG))
    large = a_photo(county_clerk, a_png(size=(900, 900)))
    for stored in (small, large):
        with django_assert_max_num_queries(5):
            services.open_file(stored.uid, by=county_clerk).content()

"""Pictures are kept upright and without what their camera wrote into them."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import LUFENG
from tests.pictures import a_jpeg, a_png, told_by
from yinling.accounts.models import User
from yinling.files import pictures, services
from yinling.files.models import StoredFile
from yinling.files.services import About
from yinling.kernel.errors import Refused

HERE = About(place_key=LUFENG, subject_kind="person", purpose="portrait")
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(200)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def size_of(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


def test_a_photo_of_a_phone_says_where_it_was_taken_before_and_nothing_after() -> None:
    sent = a_jpeg()
    assert len(told_by(sent)) > 5
    clean = pictures.clean(sent, "image/jpeg")
    assert told_by(clean) == {}
    assert b"HUAWEI" not in clean and b"SN-4417" not in clean and b"house" not in clean


@pytest.mark.parametrize(("orientation", "size"), [(1, (64, 48)), (3, (64, 48)), (6, (48, 64)), (8, (48, 64))])
def test_a_photo_stands_upright_however_the_phone_was_held(orientation: int, size: tuple[int, int]) -> None:
    assert size_of(pictures.clean(a_jpeg(orientation=orientation), "image/jpeg")) == size


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    moving = a_jpeg() + b"\x00\x00\x00\x18ftypmp42 a film with a position"
    assert b"film" not in pictures.clean(moving, "image/jpeg")
    out = io.BytesIO()
    Image.open(io.BytesIO(a_png())).save(out, "PNG", exif=Image.open(io.BytesIO(a_jpeg())).getexif())
    assert told_by(out.getvalue())
    assert told_by(pictures.clean(out.getvalue(), "image/png")) == {}
    web = io.BytesIO()
    Image.open(io.BytesIO(a_png())).save(web, "WEBP", exif=Image.open(io.BytesIO(a_jpeg())).getexif(), xmp=b"<x/>")
    assert told_by(pictures.clean(web.getvalue(), "image/webp")) == {}


def test_cleaning_twice_changes_nothing_more() -> None:
    assert pictures.clean(a_png(), "image/png") == a_png()


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printers_colours_are_kept_as_jpeg(mode: str) -> None:
    out = io.BytesIO()
    Image.open(io.BytesIO(a_png())).convert(mode).save(out, "JPEG")
    assert Image.open(io.BytesIO(pictures.clean(out.getvalue(), "image/jpeg"))).mode in ("L", "RGB")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["portrait", "picture", "photo", "scan"])
def test_every_kind_of_picture_goes_through_one_door(county_clerk: User, kind: str) -> None:
    stored = services.store_bytes(a_jpeg(), kind=kind, name="face.jpg", about=HERE, by=county_clerk)
    kept = services.open_file(stored.uid, by=county_clerk).content()
    assert told_by(kept) == {}
    assert stored.size == len(kept)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEIC, "HEIC picture, which few browsers can show"),
        (a_jpeg()[:300], "cannot be opened as a picture"),
        (b"\xff\xd8\xff\xe0 no picture at all", "cannot be opened as a picture"),
    ],
)
def test_what_nobody_could_look_at_is_refused_and_nothing_is_kept(county_clerk: User, content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        services.store_bytes(content, kind="portrait", name="face", about=HERE, by=county_clerk)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_small_file_of_countless_pixels_is_refused_before_it_is_opened(
    county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 2_000_000)
    bomb = io.BytesIO()
    Image.new("1", (2000, 2000)).save(bomb, "PNG")
    with pytest.raises(Refused, match="4 million pixels; the limit is 2"):
        services.store_bytes(bomb.getvalue(), kind="photo", name="bomb.png", about=HERE, by=county_clerk)

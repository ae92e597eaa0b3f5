"""Assets are built when an input has changed, and only then."""

import json

import pytest

from yinling.web import assets


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


def test_a_second_build_finds_nothing_to_do_and_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    assert assets.build() is False


def test_a_missing_output_is_built_again() -> None:
    (assets.BUILT / "stamp").unlink()
    assert assets.build() is True
    assert all((assets.BUILT / name).stat().st_size for name in assets.OUTPUTS)


def test_every_icon_that_a_template_names_is_there() -> None:
    shapes = json.loads((assets.BUILT / "icons.json").read_text())
    assert {"search", "menu-2", "clock-exclamation", "alert-octagon"} <= set(shapes)
    assert all(shape.startswith("<path") for shape in shapes.values())


def test_the_stylesheet_stays_small_enough_for_a_village() -> None:
    assert (assets.BUILT / "look.css").stat().st_size < 40_000
    assert (assets.BUILT / "app.js").stat().st_size < 80_000

"""The plot of the silence watch: it says in a sentence what it shows, and is a whole picture."""

from xml.etree.ElementTree import fromstring

from yinling.benches.signals_silence import Point
from yinling.benches.silence_drawing import drawn

POINTS = [
    Point("silence watch", 8, 0.2, 5, 20.0), Point("silence watch", 4, 0.4, 20, 20.0),
    Point("silence watch", 2, 0.7, 180, 20.0), Point("fixed days", 7, 0.0, 2, 20.0),
    Point("fixed days", 3, 0.06, 20, 20.0), Point("fixed days", 2, 0.3, 70, 20.0),
    Point("fixed days", 1, 1.0, 280, 20.0),
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def test_the_sentence_compares_both_methods_at_the_same_number_of_alarms() -> None:
    title = fromstring(drawn(POINTS, 100)).findtext(f"{SVG}title")
    assert title == (
        "At 20 alarms per 1,000 elder-days the silence watch finds 40 of 100 events within 36 hours, "
        "a fixed number of days finds 6."
    )


def test_every_setting_is_a_mark_and_more_alarms_stand_further_right() -> None:
    picture = fromstring(drawn(POINTS, 100))
    across = [float(mark.attrib["cx"]) for mark in picture.iter(f"{SVG}circle")]
    assert len(across) == 3
    assert across == sorted(across)
    assert len(list(picture.iter(f"{SVG}rect"))) == 1 + 4

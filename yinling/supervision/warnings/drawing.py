"""Seven days of signs of life as a picture: a row per day, a mark per sign, the present silence. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

DAYS, WIDTH, LEFT, ROW = 7, 360, 48.0, 20
HOUR_X = (WIDTH - LEFT - 8) / 24
MARK = 3.0


@dataclass(frozen=True)
class Bar:
    """A box of a row."""

    x: float
    width: float


@dataclass(frozen=True)
class DayRow:
    """One day: its date, where its row begins, signs, hours in which signs are usual, the present silence."""

    day: dt.date
    y: int
    marks: tuple[float, ...]
    usual: tuple[Bar, ...]
    silent: Bar | None

    @property
    def text_y(self) -> int:
        """Where the label stands."""
        return self.y + 13


@dataclass(frozen=True)
class Week:
    """The picture: rows, hours on the axis, its height."""

    rows: tuple[DayRow, ...]
    hours: tuple[tuple[float, str], ...]

    @property
    def height(self) -> int:
        """Of the view box."""
        return ROW * DAYS + 20

    @property
    def axis_y(self) -> int:
        """Where the hours are written."""
        return self.height - 4


def week_of(
    signs: Sequence[dt.datetime], usual: Sequence[Sequence[bool]], silent_since: dt.datetime, at: dt.datetime
) -> Week:
    """The last seven days up to `at`. All times carry the city's zone; `usual`: by weekday (0 Monday) and hour."""
    days = [at.date() - dt.timedelta(days=back) for back in reversed(range(DAYS))]
    rows = []
    for number, day in enumerate(days):
        marks = tuple(round(_x(one) - MARK / 2, 1) for one in signs if one.date() == day)
        rows.append(
            DayRow(day, number * ROW, marks, _runs(usual[day.weekday()]), _silence_on(day, silent_since, at))
        )  # fmt: skip
    return Week(tuple(rows), tuple((round(LEFT + hour * HOUR_X, 1), f"{hour}") for hour in range(0, 25, 6)))


def _x(moment: dt.datetime) -> float:
    return LEFT + (moment.hour + moment.minute / 60) * HOUR_X


def _runs(usual: Sequence[bool]) -> tuple[Bar, ...]:
    """Usual hours that follow each other as one box."""
    bars, begin = [], None
    for hour, is_usual in enumerate([*usual, False]):
        if is_usual and begin is None:
            begin = hour
        elif not is_usual and begin is not None:
            bars.append(Bar(round(LEFT + begin * HOUR_X, 1), round((hour - begin) * HOUR_X, 1)))
            begin = None
    return tuple(bars)


def _silence_on(day: dt.date, since: dt.datetime, at: dt.datetime) -> Bar | None:
    """The part of the present silence that lies on a day."""
    if not since.date() <= day <= at.date():
        return None
    begin = _x(since) if since.date() == day else LEFT
    end = _x(at) if at.date() == day else LEFT + 24 * HOUR_X
    return Bar(round(begin, 1), round(max(end - begin, 1.0), 1))

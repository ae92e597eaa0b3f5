"""Geometry of the projection: hours to come and hours claimed, year by year. Pure; the template writes the SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from yinling.volunteers.rules.solvency import Year

LEFT, RIGHT, TOP, BOTTOM = 48.0, 348.0, 14.0, 150.0


@dataclass(frozen=True)
class Lines:
    """Paths of a drawing 360 wide, 176 high; labels are (x or y, text)."""

    given: str
    claimed: str
    other_given: str
    other_claimed: str
    rows: list[tuple[float, str]]
    columns: list[tuple[float, str]]
    short_x: float | None


def lines_of(years: Sequence[Year], other: Sequence[Year] = ()) -> Lines | None:
    """The drawing of one projection, and beside it that of other rules; None below two years."""
    if len(years) < 2:
        return None
    highest = max(max(one.given, one.claimed) for one in [*years, *other]) or 1.0
    step = (RIGHT - LEFT) / (len(years) - 1)

    def path(values: Sequence[float]) -> str:
        points = [f"{LEFT + step * at:.1f} {y(value):.1f}" for at, value in enumerate(values)]
        return "M" + " L".join(points) if len(points) > 1 else ""

    def y(value: float) -> float:
        return BOTTOM - value / highest * (BOTTOM - TOP)

    short = next((at for at, one in enumerate(years) if one.claimed > one.given), None)
    return Lines(
        path([one.given for one in years]), path([one.claimed for one in years]), path([one.given for one in other]),
        path([one.claimed for one in other]),
        [(round(y(part * highest), 1), f"{part * highest:,.0f}") for part in (0, 0.5, 1)],
        [(round(LEFT + step * at, 1), str(years[at].year)) for at in (0, (len(years) - 1) // 2, len(years) - 1)],
        round(LEFT + step * short, 1) if short is not None else None,
    )  # fmt: skip

"""The picture of bench `silence`: recall over alarms per 1,000 elder-days, as one SVG. Pure."""

from collections.abc import Sequence
from math import log10
from xml.sax.saxutils import escape

from yinling.benches.signals_silence import DAYS, LEARNT_DAYS, Point, recall_at

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 606, 60, 336
LEAST, MOST = 1.0, 1000.0  # alarms; the axis is logarithmic
TICKS = (1, 3, 10, 30, 100, 300, 1000)
COMPARED = 20
WATCHED_DAYS = DAYS - LEARNT_DAYS
FONT = 'font-family="system-ui, sans-serif"'
INK, QUIET, RULE, GROUND = "#2B241D", "#55493D", "#D8CCB8", "#FFFDF9"
COLOURS = {"silence watch": "#1C5A4C", "fixed days": "#55493D"}


def drawn(points: Sequence[Point], elders: int) -> str:
    """The SVG. A sentence in it says what it shows."""
    said = _sentence(list(points))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(said)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>',
        _text(LEFT, 24, "Found within 36 hours, of 100 planted events", size=15, bold=True),
        _text(LEFT, 43, f"{elders:,} made-up elders over {WATCHED_DAYS} days", colour=QUIET),
        *_grid(),
        _compared(),
    ]
    for method in COLOURS:
        parts += _curve([point for point in points if point.method == method], method)
    return "\n".join([*parts, "</svg>", ""])


def _sentence(points: list[Point]) -> str:
    watch, fixed = (round(100 * recall_at(points, method, COMPARED)) for method in COLOURS)
    return (
        f"At {COMPARED} alarms per 1,000 elder-days the silence watch finds {watch} of 100 events within 36 hours, "
        f"a fixed number of days finds {fixed}."
    )


def _x(alarms: float) -> float:
    share = log10(max(alarms, LEAST) / LEAST) / log10(MOST / LEAST)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(recall: float) -> float:
    return round(BOTTOM - recall * (BOTTOM - TOP), 1)


def _text(x: float, y: float, words: str, size: int = 13, colour: str = INK, anchor: str = "start",
          bold: bool = False) -> str:  # fmt: skip
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" {FONT} font-size="{size}"{weight} fill="{colour}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}"{dash}/>'


def _grid() -> list[str]:
    """Lines at every quarter, ticks of the axis, and what it counts."""
    parts = []
    for quarter in (0, 25, 50, 75, 100):
        y = _y(quarter / 100)
        parts += [_line(LEFT, y, RIGHT, y, RULE), _text(LEFT - 8, y + 4, str(quarter), colour=QUIET, anchor="end")]
    for tick in TICKS:
        x = _x(tick)
        parts += [
            _line(x, BOTTOM, x, BOTTOM + 5, QUIET),
            _text(x, BOTTOM + 21, f"{tick:,}", colour=QUIET, anchor="middle"),
        ]
    words = "false alarms per 1,000 elder-days (each step is threefold)"
    return [*parts, _text((LEFT + RIGHT) / 2, BOTTOM + 46, words, anchor="middle")]


def _compared() -> str:
    x = _x(COMPARED)
    return _line(x, TOP, x, BOTTOM, QUIET, dashed=True)


def _curve(points: list[Point], method: str) -> list[str]:
    """A line through the settings of one method, its name beside it, each setting a mark: circles or squares."""
    colour = COLOURS[method]
    ordered = sorted(points, key=lambda point: point.alarms_per_1000_days)
    places = [(_x(point.alarms_per_1000_days), _y(point.recall)) for point in ordered]
    path = " ".join(f"{x},{y}" for x, y in places)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for (x, y), point in zip(places, ordered, strict=True):
        parts.append(_mark(x, y, method, colour))
        if method == "fixed days" and point.setting <= 3:
            days = f"{point.setting:g} {'days' if point.setting > 1 else 'day'}"
            parts.append(
                _text(x + 8, y + 18, days, size=12, colour=colour)
                if x < RIGHT - 60
                else _text(x + 4, y + 20, days, size=12, colour=colour, anchor="end")
            )
    return [*parts, _named(places, method, colour)]


def _named(places: list[tuple[float, float]], method: str, colour: str) -> str:
    """The method's name: above the watch's first half, right of the fixed days' steep rise."""
    at = len(places) // 2 - 2 if method == "silence watch" else len(places) - 4
    x, y = places[at]
    if method == "silence watch":
        return _text(x - 6, y - 16, method, size=14, colour=colour, anchor="end", bold=True)
    return _text(x + 8, y + 37, "no sign for so many days", size=14, colour=colour, bold=True)


def _mark(x: float, y: float, method: str, colour: str) -> str:
    if method == "silence watch":
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>'
    return f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8" fill="{GROUND}" stroke="{colour}" stroke-width="2"/>'

"""The conditions of a rule, from plain data. One condition has one main word; the others refine it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf, nextafter
from typing import Any

from yinling.engines.signals.conditions import (
    AlertsOf,
    All,
    AnyOf,
    Atom,
    Band,
    Composite,
    Condition,
    Fence,
    Joint,
    Leaf,
    Measure,
    Measured,
    Node,
    Not,
    Side,
)
from yinling.engines.signals.faults import Faults, Path

TESTS: dict[str, Callable[[float], Band]] = {
    "above": lambda x: Band(lowest=nextafter(x, inf)),
    "at_least": lambda x: Band(lowest=x),
    "below": lambda x: Band(highest=nextafter(x, -inf)),
    "at_most": lambda x: Band(highest=x),
    "equals": lambda x: Band(x, x),
}
RANGES = ("between", "outside")
MEASURES = (
    "rises", "falls", "silent", "leaves", "enters", "strays", "strays_above", "strays_below", "changes", "clock_ahead",
)  # fmt: skip
COMPOSITES = ("all", "any", "sequence", "together", "count", "alerts_of")
REFINED = {"times", "of", "for"}
ATOM_WORDS = {
    "metric",
    "devices",
    *TESTS,
    *RANGES,
    *MEASURES,
    *REFINED,
    "per",
    "over",
    "within",
    "quiet_start",
    "memory",
    "floor",
}
MOST_TESTS, MOST_LEAVES, MOST_CHANGES = 32, 16, 16


def condition_from(faults: Faults, path: Path, raising: object, clearing: object) -> Condition:
    """A level's condition; without `clear`, it clears when it no longer holds."""
    at = (*path, "raise")
    data = faults.mapping(at, raising)
    main = [word for word in COMPOSITES if word in data]  # first: `at_least` belongs to a count, too
    main = main or [word for word in (*TESTS, *RANGES, *MEASURES) if word in data]
    if len(main) != 1:
        faults.add(at, f"one main word is needed, found {', '.join(main) or 'none'}")
        return Atom("", (), Measured(Measure.VALUE), Side(Band()), Side(Band()))
    clear = faults.mapping((*path, "clear"), clearing) if clearing is not None else {}
    if main[0] == "alerts_of":
        return _alerts_of(faults, at, data)
    if main[0] in COMPOSITES:
        return _composite(faults, path, main[0], data, clear)
    return _atom(faults, at, main[0], data, clear, (*path, "clear"))


def _atom(faults: Faults, path: Path, main: str, data: Mapping[str, Any], clear: Mapping[str, Any], at: Path) -> Atom:
    faults.unknown(path, data, ATOM_WORDS | {"clear"})
    if not isinstance(data.get("metric"), str):
        faults.add(path, "metric is missing: which value of the device is tested?")
    measured, band = _measured(faults, path, main, data)
    raising = _side(faults, path, data, band)
    if main == "silent":
        raising = replace(raising, lasting_ms=measured.over_ms)
        if clear or REFINED & set(data):
            faults.add(path, "silence has a length and ends with any reading: no times, for or clear")
        return Atom(str(data.get("metric")), _devices(data), measured, raising, Side(Band()))
    return Atom(str(data.get("metric")), _devices(data), measured, raising, _clear(faults, at, clear, band))


def _devices(data: Mapping[str, Any]) -> tuple[str, ...]:
    named = data.get("devices", ())
    return (named,) if isinstance(named, str) else tuple(map(str, named))


def _clear(faults: Faults, path: Path, data: Mapping[str, Any], raising: Band) -> Side:
    """How it clears: a test of its own, or the raising test no longer true."""
    faults.unknown(path, data, {*TESTS, *RANGES, *REFINED})
    words = [word for word in (*TESTS, *RANGES) if word in data]
    if len(words) > 1:
        faults.add(path, f"one test is enough, found {', '.join(words)}")
    band = _band(faults, path, words[0], data[words[0]]) if words else raising.otherwise()
    return _side(faults, path, data, band)


def _side(faults: Faults, path: Path, data: Mapping[str, Any], band: Band) -> Side:
    times = faults.whole((*path, "times"), data.get("times", 1), 1, MOST_TESTS)
    of = faults.whole((*path, "of"), data.get("of", times), times, MOST_TESTS)
    return Side(band, times, of, faults.length_ms((*path, "for"), data["for"]) if "for" in data else 0)


def _band(faults: Faults, path: Path, word: str, value: object) -> Band:
    if word in TESTS:
        return TESTS[word](faults.number((*path, word), value))
    pair = value if isinstance(value, list | tuple) and len(value) == 2 else None
    if pair is None:
        faults.add((*path, word), f"expected [lowest, highest], found {value!r}")
        return Band()
    lowest, highest = (faults.number((*path, word), each) for each in pair)
    return Band(lowest, highest, outside=word == "outside")


def _measured(faults: Faults, path: Path, main: str, data: Mapping[str, Any]) -> tuple[Measured, Band]:
    """What is computed, and the band it must lie in."""
    value, at = data[main], (*path, main)
    if main in TESTS or main in RANGES:
        return Measured(Measure.VALUE), _band(faults, path, main, value)
    if main == "silent":
        return Measured(Measure.SILENCE, over_ms=faults.length_ms(at, value)), Band(inf, inf)
    if main == "clock_ahead":
        return Measured(Measure.CLOCK), Band(lowest=faults.length_ms(at, value) / 1000)
    if main == "changes":
        over = faults.length_ms((*path, "within"), data.get("within"))
        return Measured(Measure.CHANGES, over_ms=over, count=faults.whole(at, value, 1, MOST_CHANGES)), Band(lowest=1.0)
    if main in ("leaves", "enters"):
        band = Band(lowest=nextafter(0.0, inf)) if main == "leaves" else Band(highest=0.0)
        return Measured(Measure.FENCE, fence=_fence(faults, at, value)), band
    if main in ("rises", "falls"):
        per = faults.length_ms((*path, "per"), data.get("per"))
        over = faults.length_ms((*path, "over"), data["over"]) if "over" in data else 1
        amount = faults.number(at, value, 0)
        return Measured(Measure.RATE, over, per), Band(lowest=amount) if main == "rises" else Band(highest=-amount)
    return _baseline(faults, path, main, data)


def _baseline(faults: Faults, path: Path, main: str, data: Mapping[str, Any]) -> tuple[Measured, Band]:
    limit = faults.number((*path, main), data[main], 0)
    measured = Measured(
        Measure.BASELINE,
        quiet_start=faults.whole((*path, "quiet_start"), data.get("quiet_start", 20), 1, 10_000),
        memory=faults.whole((*path, "memory"), data.get("memory", 100), 2, 10_000),
        floor=faults.number((*path, "floor"), data.get("floor", 1.0), 1e-9),
    )
    bands = {
        "strays": Band(-limit, limit, outside=True),
        "strays_above": Band(lowest=limit),
        "strays_below": Band(highest=-limit),
    }
    return measured, bands[main]


def _fence(faults: Faults, path: Path, value: object) -> Fence:
    data = faults.mapping(path, value)
    faults.unknown(path, data, ("radius_m", "centre", "corners"))
    if "corners" in data:
        corners = tuple((float(each[0]), float(each[1])) for each in data["corners"])
        if len(corners) < 3:
            faults.add(path, "a polygon has at least three corners [latitude, longitude]")
        return Fence(corners=corners)
    centre = data.get("centre")
    point = (float(centre[0]), float(centre[1])) if centre is not None else None
    return Fence(faults.number((*path, "radius_m"), data.get("radius_m"), 0), point)


def _composite(faults: Faults, path: Path, main: str, data: Mapping[str, Any], clear: Mapping[str, Any]) -> Composite:
    at = (*path, "raise")
    faults.unknown(at, data, (main, "within", "at_least", "share", "for"))
    faults.unknown((*path, "clear"), clear, ("for",))
    atoms: list[Atom] = []
    within = faults.length_ms((*at, "within"), data["within"]) if "within" in data else 0
    made = Composite(Joint.LOGIC, ())
    if main in ("all", "any"):
        tree = _tree(faults, at, {main: data[main]}, atoms)
        made = Composite(Joint.LOGIC, tuple(atoms), tree)
    elif main == "count":
        atoms.append(_leaf(faults, (*at, "count"), data["count"]))
        made = _count(faults, at, data, tuple(atoms), within)
    else:
        parts = [_leaf(faults, (*at, main, i), each) for i, each in enumerate(data[main])]
        if not within or len(parts) < 2:
            faults.add(at, f"{main} needs two parts or more, and within")
        made = Composite(Joint(main), tuple(parts), within_ms=within)
    if len(made.atoms) > MOST_LEAVES:
        faults.add(at, f"{len(made.atoms)} parts; the limit is {MOST_LEAVES}")
    raising = replace(made.raising, lasting_ms=_for(faults, at, data))
    return replace(
        made, raising=raising, clearing=replace(made.clearing, lasting_ms=_for(faults, (*path, "clear"), clear))
    )


def _for(faults: Faults, path: Path, data: Mapping[str, Any]) -> int:
    return faults.length_ms((*path, "for"), data["for"]) if "for" in data else 0


def _count(faults: Faults, path: Path, data: Mapping[str, Any], atoms: tuple[Atom, ...], within: int) -> Composite:
    share = faults.number((*path, "share"), data.get("share", 0), 0)
    if share > 1:
        faults.add((*path, "share"), f"a share lies between 0 and 1, found {share:g}")
    at_least = faults.whole((*path, "at_least"), data.get("at_least", 1), 1, 1_000_000)
    return Composite(Joint.COUNT, atoms, within_ms=within, at_least=at_least, share=share)


def _tree(faults: Faults, path: Path, value: object, atoms: list[Atom]) -> Node:
    """Logic, with its atoms put into `atoms` in the order in which they stand."""
    data = faults.mapping(path, value)
    word = next((word for word in ("all", "any", "not") if word in data), None)
    if word is None:
        atoms.append(_leaf(faults, path, data))
        return Leaf(len(atoms) - 1)
    if word == "not":
        return Not(_tree(faults, (*path, "not"), data["not"], atoms))
    parts = tuple(_tree(faults, (*path, word, i), each, atoms) for i, each in enumerate(data[word]))
    return All(parts) if word == "all" else AnyOf(parts)


def _leaf(faults: Faults, path: Path, value: object) -> Atom:
    data = faults.mapping(path, value)
    main = [word for word in (*TESTS, *RANGES, *MEASURES) if word in data]
    if len(main) != 1:
        faults.add(path, f"one main word is needed, found {', '.join(main) or 'none'}")
        return Atom("", (), Measured(Measure.VALUE), Side(Band()), Side(Band()))
    clear = faults.mapping((*path, "clear"), data.get("clear", {}))
    return _atom(faults, path, main[0], data, clear, (*path, "clear"))


def _alerts_of(faults: Faults, path: Path, data: Mapping[str, Any]) -> AlertsOf:
    faults.unknown(path, data, ("alerts_of", "at_least", "within"))
    at_least = faults.whole((*path, "at_least"), data.get("at_least"), 1, 1_000_000)
    return AlertsOf(str(data["alerts_of"]), at_least, faults.length_ms((*path, "within"), data.get("within")))

"""A rule in words: what raises it, what clears it, who is told, how soon somebody answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinling.devices.models import Metric
from yinling.engines.signals.conditions import AlertsOf, Atom, Band, Composite, Condition, Joint, Measure, Side
from yinling.engines.signals.rules import Rule as DeviceRule
from yinling.engines.signals.rules import Window
from yinling.kernel.reasons import Reason
from yinling.supervision.models import Rule
from yinling.supervision.response import deadlines
from yinling.supervision.rules import LEVELS
from yinling.supervision.services.loading import device_rule
from yinling.web.sentences import sentence

MINUTE_MS, HOUR_MS = 60_000, 3_600_000


@dataclass(frozen=True)
class LevelWords:
    """One level of a rule: what raises and clears it, who is told, minutes until each step."""

    level: str
    raises: str
    clears: str
    told: list[str]
    acknowledge: int
    on_site: int
    resolve: int


def addressee_words(key: str) -> str:
    """Who is told."""
    return {
        "duty": _("whoever is on duty"), "manager": _("the manager of the home"), "village": _("the village visitor"),
        "township": _("the township clerk"), "county": _("the county clerk"), "city": _("the city officer"),
    }.get(key, key)  # fmt: skip


def levels_of(rule: Rule) -> list[LevelWords]:
    """Every level of a rule in words, the gravest first. One statement for the names of metrics."""
    names = {one.key: str(one) for one in Metric.objects.all()}
    engine = device_rule(rule.data) if rule.over == Rule.Over.DEVICES else None
    by_level = {LEVELS[int(one.level)]: one.condition for one in engine.levels} if engine else {}
    found = []
    for name in reversed(LEVELS):
        if name not in rule.data["levels"]:
            continue
        limits = deadlines(rule.family, LEVELS.index(name))
        condition = by_level.get(name)
        raises = raising(condition, names) if condition is not None else _("Facts on file say so.")
        found.append(
            LevelWords(
                name,
                raises,
                clearing(condition, names),
                [addressee_words(a) for a in rule.addressees(name)],
                limits.acknowledge,
                limits.on_site,
                limits.resolve,
            )
        )
    return found


def in_one_sentence(rule: Rule, level: str) -> str:
    """The level of an alert: raises when …; over when …."""
    words = next((one for one in levels_of(rule) if one.level == level), None)
    if words is None:
        return ""
    parts = [_("Raised: {condition}.").format(condition=words.raises)]
    if words.clears:
        parts.append(_("Normal again: {condition}.").format(condition=words.clears))
    return " ".join(parts)


def raising(condition: Condition, names: dict[str, str]) -> str:
    """What raises a level."""
    if isinstance(condition, AlertsOf):
        return sentence(
            Reason("{count} alerts of another rule within {time}", count=condition.at_least,
                   time=length(condition.within_ms))
        )  # fmt: skip
    if isinstance(condition, Composite):
        return _composite(condition, names)
    return _atom(condition, condition.raising, names)


def clearing(condition: Condition | None, names: dict[str, str]) -> str:
    """What clears it; "" where nothing but the condition's own end does."""
    if not isinstance(condition, Atom) or condition.measured.kind is not Measure.VALUE:
        return ""
    return _atom(condition, condition.clearing, names)


def _composite(condition: Composite, names: dict[str, str]) -> str:
    parts = [_atom(atom, atom.raising, names) for atom in condition.atoms]
    if condition.joint is Joint.COUNT:
        return sentence(
            Reason("{count} devices within {time}: {what}", count=condition.at_least, time=length(condition.within_ms),
                   what="; ".join(parts))
        )  # fmt: skip
    joint = {Joint.SEQUENCE: _(", then "), Joint.TOGETHER: _(" and ")}.get(condition.joint, "; ")
    within = [_("within {time}").format(time=length(condition.within_ms))] if condition.within_ms else []
    return ", ".join([joint.join(parts), *within])


def _atom(atom: Atom, side: Side, names: dict[str, str]) -> str:
    what = _measured(atom, side, names.get(atom.metric, atom.metric))
    parts = [what]
    if side.of > 1:
        parts.append(_("{times} of the last {of}").format(times=side.times, of=side.of))
    if side.lasting_ms and atom.measured.kind is not Measure.SILENCE:
        parts.append(_("for {time}").format(time=length(side.lasting_ms)))
    return ", ".join(parts)


def _measured(atom: Atom, side: Side, name: str) -> str:
    measured = atom.measured
    if measured.kind is Measure.SILENCE:
        return _("no word for {time}").format(time=length(measured.over_ms))
    if measured.kind is Measure.RATE:
        return _("{metric} changes fast").format(metric=name)
    if measured.kind is Measure.FENCE and measured.fence is not None:
        return _("more than {metres} m outside the area").format(metres=round(measured.fence.radius_m))
    if measured.kind is Measure.BASELINE:
        return _("{metric} far from the person's own habit").format(metric=name)
    if measured.kind is Measure.CHANGES:
        return _("{metric} changes {count} times within {time}").format(
            metric=name, count=measured.count, time=length(measured.over_ms)
        )
    if measured.kind is Measure.CLOCK:
        return _("the clock is ahead")
    return f"{name} {band_words(side.band)}"


def band_words(band: Band) -> str:
    """≥ 10, < 6, 50 – 110."""
    low, high = f"{band.lowest:.6g}", f"{band.highest:.6g}"
    if band.outside and band.lowest == -inf:
        return f"> {high}"
    if band.outside and band.highest == inf:
        return f"< {low}"
    if band.outside:
        return pgettext("range", "below {low} or above {high}").format(low=low, high=high)
    if band.lowest == band.highest:
        return f"= {low}"
    if band.lowest == -inf:
        return f"≤ {high}"
    return f"≥ {low}" if band.highest == inf else f"{low} – {high}"


def length(milliseconds: int) -> str:
    """90 s, 5 min, 2 h, in words."""
    if milliseconds % HOUR_MS == 0:
        return _("{count} h").format(count=milliseconds // HOUR_MS)
    if milliseconds % MINUTE_MS == 0:
        return _("{count} min").format(count=milliseconds // MINUTE_MS)
    return _("{count} s").format(count=milliseconds // 1000)


def schedule_words(rule: DeviceRule) -> list[str]:
    """22:00 – 05:30."""
    return [_window(one) for one in rule.schedule]


def _window(window: Window) -> str:
    return f"{window.begins // 60:02d}:{window.begins % 60:02d} – {window.ends // 60:02d}:{window.ends % 60:02d}"


def limit_of(rule: Rule, level: str) -> float | None:
    """The limit that an alert's readings are drawn against; None where there is none to draw."""
    if rule.over != Rule.Over.DEVICES:
        return None
    found = next((one for one in device_rule(rule.data).levels if LEVELS[int(one.level)] == level), None)
    if found is None or not isinstance(found.condition, Atom) or found.condition.measured.kind is not Measure.VALUE:
        return None
    band = found.condition.raising.band
    return next((edge for edge in (band.lowest, band.highest) if abs(edge) != inf), None)


def families(rows: Iterable[Rule]) -> list[str]:
    """Families of some rules."""
    return sorted({row.family for row in rows})


def family_words(key: str) -> str:
    """The family of a rule."""
    return {
        "smoke": pgettext("family of rules", "Smoke"), "gas": pgettext("family of rules", "Gas"),
        "smoke_spread": pgettext("family of rules", "Fire spreading"), "sos": pgettext("family of rules", "SOS"),
        "fall": pgettext("family of rules", "Falls"), "kitchen": pgettext("family of rules", "Kitchen"),
        "water": pgettext("family of rules", "Water"), "electricity": pgettext("family of rules", "Electricity"),
        "vital_signs": pgettext("family of rules", "Heart and breath"), "night": pgettext("family of rules", "Night"),
        "wandering": pgettext("family of rules", "Left the area"), "no_data": pgettext("family of rules", "No data"),
        "battery": pgettext("family of rules", "Battery"), "duty": pgettext("family of rules", "Duty"),
        "device_fault": pgettext("family of rules", "Device faults"),
        "assessment": pgettext("family of rules", "Assessment"), "beds": pgettext("family of rules", "Beds"),
        "care": pgettext("family of rules", "Care"), "certificate": pgettext("family of rules", "Certificates"),
        "drill": pgettext("family of rules", "Drills"), "hazard": pgettext("family of rules", "Hazards"),
        "licence": pgettext("family of rules", "Licences"), "staffing": pgettext("family of rules", "Staff"),
        "food": pgettext("family of rules", "Food"), "silence": pgettext("family of rules", "Silence watch"),
        "missing": pgettext("family of rules", "Residents not seen"),
        "incident": pgettext("family of rules", "Incidents"),
    }.get(key, key)  # fmt: skip


def scope_words(key: str) -> str:
    """Whose alert it is."""
    return {
        "device": pgettext("scope of a rule", "each device"), "person": pgettext("scope of a rule", "each person"),
        "room": pgettext("scope of a rule", "each room"), "household": pgettext("scope of a rule", "each household"),
        "institution": pgettext("scope of a rule", "each home"), "area": pgettext("scope of a rule", "each area"),
    }.get(key, key)  # fmt: skip

"""How visits are shown: lines of lists, remarks, why somebody is visited, the rules in words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import qrcode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import pgettext

from yinling.care import parameters
from yinling.care.models import Doubt, Visit, Visitor
from yinling.care.permissions import Care
from yinling.care.queries.coverage import own_divisions
from yinling.care.rules import visits as rules
from yinling.care.rules.due import Ruleset, age_on
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.name_tables import COMPOUND_SURNAMES
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.people.models import Person
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.web.sentences import sentence
from yinling.web.templatetags.words import language

WOMAN = "2"
TONES = {"normal": "ok", "watch": "doubt", "help": "bad", "urgent": "bad"}
STATES = {Visit.State.DUE: "", Visit.State.DONE: "ok", Visit.State.MISSED: "bad", Visit.State.VOID: ""}
RULES = {
    "regular": N_("By the rules"), "cold": N_("Because of the cold"), "heat": N_("Because of the heat"),
    "festival": N_("Before a festival"), "discharge": N_("After a discharge"), "alert": N_("After an alert"),
    "retrofit": N_("Call-back after adapting the home"), "wish": N_("Asked for"),
    "promised": N_("Promised at the last visit"), "own": N_("Of the visitor's own accord"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One visit in a list."""

    visit: Visit
    who: str
    place: str
    why: str
    found: str
    tone: str
    is_late: bool
    is_soon: bool
    age: int | None = None


def line(one: Visit) -> Line:
    """A visit, masked, with its place and its rule in words."""
    person, on = one.person, civil_date()
    is_open = one.state == Visit.State.DUE
    found = one.get_found_display() if one.found else ""
    if one.state == Visit.State.DONE and not one.has_contact:
        found = _("Nobody answered")
    return Line(
        one, mask_name(person.name), tree().path(person.place_key), why(one), found,
        TONES.get(one.found, "bad" if one.state == Visit.State.DONE else ""), is_open and one.due_on < on,
        is_open and one.due_at is not None, age_on(person.birth_date, on) if person.birth_date else None,
    )  # fmt: skip


def call(person: Person) -> str:
    """How a visitor speaks of somebody: 舒奶奶."""
    pattern = pgettext("called", "Granny {surname}") if person.sex == WOMAN else pgettext("called", "Grandpa {surname}")
    return pattern.format(surname=_surname(person.name))


def _surname(name: str) -> str:
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def why(one: Visit) -> str:
    """Which rule asked for a visit."""
    return sentence(Reason(RULES.get(one.rule, one.rule)))


def is_own(one: Visit, user: Actor) -> bool:
    """Whether it is the user's own visit."""
    return one.visitor is not None and one.visitor.user is not None and str(one.visitor.user.uid) == str(user.uid)


def remarks(one: Visit) -> list[str]:
    """What the rules noted about a visit, as sentences."""
    if one.started_at is None or one.ended_at is None:
        return []
    limits = parameters.visit_limits(civil_date(one.started_at))
    minutes = int((one.ended_at - one.started_at).total_seconds() // 60)
    noted = [rules.remark_words(code, metres=one.distance_m, minutes=minutes, limits=limits) for code in one.remarks]
    return [sentence(reason) for reason in noted]


def blocks(one: Visit) -> list[tuple[str, list[str]]]:
    """The blocks that were asked about: title, what was found (none: all in order)."""
    titles = {
        "health": pgettext("visit block", "Health"), "money": pgettext("visit block", "Money and benefits"),
        "family": pgettext("visit block", "Family"), "safety": pgettext("visit block", "Safety at home"),
        "needs": pgettext("visit block", "Wishes"),
    }  # fmt: skip
    asked = [block for block in rules.BLOCKS if block in one.blocks]
    return [(titles[block], [label(f"visit_{block}", code) for code in one.blocks[block]]) for block in asked]


def actions(one: Visit) -> list[str]:
    """What was done."""
    return [label("visit_action", code) for code in one.actions]


def powers(user: Actor) -> dict[str, bool]:
    """What stands on the pages for whom."""
    return {
        "enter": user.may(Care.ENTER), "settle": user.may(Care.SETTLE), "export": user.may(Care.EXPORT),
        "visit": Visitor.objects.filter(user__uid=user.uid, ended_on__isnull=True).exists(),
    }  # fmt: skip


def months(count: int) -> list[tuple[str, dt.date]]:
    """The months one can look at, newest first."""
    found, first = [], civil_date().replace(day=1)
    for _number in range(count):
        found.append((f"{first:%Y-%m}", first))
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return found


def month_asked(text: str) -> dt.date:
    """A day of the month that an address names (2026-11); today for anything else, or a month ahead."""
    try:
        return min(dt.date.fromisoformat(f"{text}-01"), civil_date())
    except ValueError:
        return civil_date()


EVERY = {"week": N_("Every week"), "fortnight": N_("Every two weeks"), "month": N_("Every month")}


def rule_rows(read: Ruleset) -> list[tuple[str, str, list[str]]]:
    """Tiers: in words, how often, who belongs to them."""
    rows, tongue = [], language()
    for tier in read.tiers:
        every = sentence(Reason(EVERY[read.regular[tier.key]]))
        who = [" + ".join(read.groups[name].title.in_language(tongue) for name in names) for names in tier.combinations]
        rows.append((tier.title.in_language(tongue), every, who or [_("Everybody else who is visited")]))
    return rows


def target_words(read: Ruleset) -> list[str]:
    """The groups that are visited."""
    return [read.groups[name].title.in_language(language()) for name in read.targets]


def event_rows(read: Ruleset) -> list[tuple[str, int]]:
    """What asks for a visit within hours."""
    return [(sentence(Reason(RULES.get(kind, kind))), hours) for kind, hours in read.events.items()]


def divisions_to_choose(user: Actor) -> list[tuple[int, str]]:
    """The divisions in which a user may declare a spell: their own, and those directly below."""
    places, found = tree(), []
    for division in own_divisions(user):
        found += [(one.key, places.path(one.key, "")) for one in (division, *places.children(division.key))]
    return found


@dataclass(frozen=True)
class Qr:
    """A QR code: its side in modules, and the path that draws it."""

    side: int
    path: str


def qr(text: str, border: int = 4) -> Qr:
    """The QR code of a text."""
    made = qrcode.QRCode(border=border, error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(text)
    matrix = made.get_matrix()
    cells = ((x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    return Qr(len(matrix), "".join(f"M{x} {y}h1v1h-1z" for x, y in cells))


EVIDENCE = {
    "too_fast": N_("{metres} m apart, {minutes} min between them; {needed} min would be needed at the fastest."),
    "same_photo": N_("The photographs differ in {bits} of 64 bits."),
    "crowded": N_("{visits} visits within {minutes} min."),
    "dead": N_("Contact on record {days} days after the registered death on {died_on}."),
    "elsewhere": N_("Contact at the door while the person was away ({where}), since {since}."),
}


def evidence(doubt: Doubt) -> str:
    """The figures of a doubt as a sentence."""
    values: dict[str, Any] = dict(doubt.evidence)
    if "since" in values:
        values["since"] = civil_date(dt.datetime.fromisoformat(values["since"]))
    if "where" in values:
        values["where"] = label("whereabouts", values["where"])
    return sentence(Reason(EVIDENCE[doubt.kind], **values))

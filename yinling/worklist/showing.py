"""What the worklist's templates are given: the list with its chips, a line of history as a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinling.accounts.models import User
from yinling.accounts.roles import role as role_named
from yinling.kernel.errors import NotFound
from yinling.places.queries import tree
from yinling.web.pieces import Chip, Crumb
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence
from yinling.worklist.kinds import Kind, kind
from yinling.worklist.lateness import LateWorker, Worker, late_workers
from yinling.worklist.models import Entry
from yinling.worklist.permissions import Worklist
from yinling.worklist.queries import LateDivision, Line, WorkPage, items_for, who_is_late
from yinling.worklist.rules import Group


def list_context(request: StaffRequest, *, size: int = 30) -> dict[str, Any]:
    """The user's list for `worklist/_list.html`: `work`, `groups`, `kind_chips`, `group_chips`, `actions`."""
    assert isinstance(request.user, User)
    work = items_for(request.user, request.GET, size=size)
    chosen = kind(request.GET["kind"]) if request.GET.get("kind") else None
    return {
        "work": work,
        "groups": [(_group_line(group, work), duties) for group, duties in work.groups],
        "kind_chips": _kind_chips(work),
        "group_chips": [Chip(g.value, group_word(g), n) for g in Group if (n := work.counts.by_group.get(g))],
        "actions": _actions(chosen, request.user),
        "is_filtered": bool(request.GET),
    }


def _kind_chips(work: WorkPage) -> list[Chip]:
    chips = [Chip(key, sentence(kind(key).title), n, kind(key).icon) for key, n in work.counts.by_kind.items()]
    return sorted(chips, key=lambda chip: (-(chip.count or 0), chip.label))


@dataclass(frozen=True)
class Action:
    """What may be done to several duties at once: the ticked ones are posted to `url` as `item`, one uid each."""

    label: str
    url: str


def _actions(chosen: Kind | None, user: User) -> list[Action]:
    """Actions on several duties of the chosen kind: its owner's own, then what the worklist can do itself."""
    if chosen is None or not user.may(Worklist.HANDLE):
        return []
    found = []
    if chosen.batch_url_name:
        found.append(Action(sentence(chosen.batch_label), reverse(chosen.batch_url_name)))
    if chosen.closes_by_hand:
        found.append(Action(_("Close those ticked…"), reverse("worklist:close_several")))
    return [*found, Action(_("Hand over those ticked…"), reverse("worklist:hand_over_several"))]


def group_word(group: Group) -> str:
    """The group in words."""
    return {
        Group.LATE: _("Past due"),
        Group.TODAY: _("Due today"),
        Group.WEEK: _("This week"),
        Group.LATER: _("Later"),
    }[group]


def _group_line(group: Group, work: WorkPage) -> str:
    """已超时 3."""
    count = work.counts.by_group.get(group, 0)
    return f"{group_word(group)} {count}" if count else group_word(group)


@dataclass(frozen=True)
class LateLine:
    """One line of "who is late"."""

    late: LateDivision
    words: str
    url: str


def divisions_of(user: User, division: str) -> list[int]:
    """The division asked for, or every division that the user supervises. Raises NotFound."""
    if division and not division.isdigit():
        raise NotFound("place")
    return [int(division)] if division else supervised_by(user)


def supervised_by(user: User) -> list[int]:
    """Divisions where the user supervises, each once."""
    return list(dict.fromkeys(a.place_id for a in user.held if a.grants(Worklist.SUPERVISE)))


def lines_of(user: User, division: str) -> list[LateLine]:
    """Who is late in a division, or in all divisions that the user supervises. Raises NotAllowed, NotFound."""
    found = [(key, late) for key in divisions_of(user, division) for late in who_is_late(user, key)]
    below = tree()
    return [
        LateLine(
            late,
            _late_words(late),
            _late_url(late.key) if late.key != key and below.children(late.key) else _duties_url(late.key),
        )
        for key, late in found
    ]


def _late_url(division: int) -> str:
    return f"{reverse('worklist:late')}?division={division}"


def _duties_url(division: int, worker: str = "") -> str:
    asked = {"division": str(division), **({"worker": worker} if worker else {})}
    return f"{reverse('worklist:late_duties')}?{urlencode(asked)}"


@dataclass(frozen=True)
class WorkerLine:
    """One line of "who is late, by worker"."""

    late: LateWorker
    name: str
    words: str
    url: str


def worker_lines_of(user: User, division: str) -> list[WorkerLine]:
    """Workers with late duties in a division, or in all that the user supervises. Raises NotAllowed, NotFound."""
    return [
        WorkerLine(late, worker_words(late.worker), _count_words(late.count), _duties_url(key, late.worker.key))
        for key in divisions_of(user, division)
        for late in late_workers(user, key)
    ]


def worker_words(worker: Worker) -> str:
    """张三 · 乡镇经办; a role that several hold, or nobody."""
    title = role_word(worker.role)
    if worker.user is not None:
        return f"{worker.user.label} · {title}" if title else worker.user.label
    if worker.holders:
        return _("{role} (one of {count})").format(role=title, count=worker.holders)
    return _("{role} (nobody holds this role here)").format(role=title)


def late_crumbs(user: User, division: str, *, is_last: bool = True) -> list[Crumb]:
    """The way down from the highest division that the user supervises."""
    asked = next(iter(divisions_of(user, division)), 0)
    tops, places = set(supervised_by(user)), tree()
    line = [d for d in reversed(places.line(asked)) if tops & {above.key for above in places.line(d.key)}]
    crumbs = [Crumb(_("Who is late"), reverse("worklist:late"))]
    crumbs += [Crumb(d.name, _late_url(d.key) if not is_last or d.key != asked else "") for d in line]
    return crumbs if is_last else [*crumbs, Crumb(_("Late duties"))]


def _late_words(late: LateDivision) -> str:
    words = ngettext("{count} duty late; the oldest: {kind}", "{count} duties late; the oldest: {kind}", late.count)
    return words.format(count=late.count, kind=sentence(kind(late.kind).title))


def _count_words(count: int) -> str:
    return ngettext("{count} duty late", "{count} duties late", count).format(count=count)


def what_happened(line: Line) -> str:
    """A line of history in words."""
    words: dict[str, Callable[[], str]] = {
        Entry.Verb.OPENED: lambda: _("Opened"),
        Entry.Verb.ASSIGNED: lambda: _given(line.data.get("to", "")),
        Entry.Verb.HANDED_OVER: lambda: _("Handed over to {name}").format(name=_receiver(line)),
        Entry.Verb.RECEIVED: lambda: _("Receipt given"),
        Entry.Verb.PAUSED: lambda: _("Clock stopped"),
        Entry.Verb.RESUMED: lambda: _("Clock runs again"),
        Entry.Verb.RAISED: lambda: _("Late, raised to: {role}").format(role=role_word(line.data.get("role", ""))),
        Entry.Verb.CLOSED: lambda: _("Closed: {result}").format(result=sentence(line.data.get("result", ""))),
        Entry.Verb.VOIDED: lambda: _("Fell away: {result}").format(result=sentence(line.data.get("result", ""))),
    }  # fmt: skip
    return words[line.verb]()


def _given(name: str) -> str:
    return _("Given to {name}").format(name=name) if name else _("Back to the role")


def _receiver(line: Line) -> str:
    place = tree().name(int(line.data.get("to_place", 0)))
    return f"{place} {line.data['to']}" if line.data.get("to") else place


def role_word(key: str) -> str:
    """A role's title."""
    found = role_named(key)
    return sentence(found.title) if found else key

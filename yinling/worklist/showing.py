"""What the worklist's templates are given: the list with its chips, a line of history as a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinling.accounts.models import User
from yinling.accounts.roles import role as role_named
from yinling.kernel.errors import NotFound
from yinling.places.queries import tree
from yinling.web.pieces import Chip
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence
from yinling.worklist.kinds import Kind, kind
from yinling.worklist.models import Entry
from yinling.worklist.permissions import Worklist
from yinling.worklist.queries import LateDivision, Line, WorkPage, items_for, who_is_late
from yinling.worklist.rules import Group


def list_context(request: StaffRequest, *, size: int = 30) -> dict[str, Any]:
    """The user's list for `worklist/_list.html`: `work`, `groups`, `kind_chips`, `group_chips`, `batch`."""
    assert isinstance(request.user, User)
    work = items_for(request.user, request.GET, size=size)
    chosen = kind(request.GET["kind"]) if request.GET.get("kind") else None
    return {
        "work": work,
        "groups": [(_group_line(group, work), duties) for group, duties in work.groups],
        "kind_chips": _kind_chips(work),
        "group_chips": [Chip(g.value, group_word(g), n) for g in Group if (n := work.counts.by_group.get(g))],
        "batch": _batch(chosen),
        "is_filtered": bool(request.GET),
    }


def _kind_chips(work: WorkPage) -> list[Chip]:
    chips = [Chip(key, sentence(kind(key).title), n, kind(key).icon) for key, n in work.counts.by_kind.items()]
    return sorted(chips, key=lambda chip: (-(chip.count or 0), chip.label))


def _batch(chosen: Kind | None) -> dict[str, str] | None:
    """The batch action of the chosen kind: it posts to its owner's own address."""
    if chosen is None or not chosen.batch_url_name:
        return None
    return {"url": reverse(chosen.batch_url_name), "label": sentence(chosen.batch_label)}


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


def lines_of(user: User, division: str) -> list[LateLine]:
    """Who is late in a division, or in all divisions that the user supervises. Raises NotAllowed, NotFound."""
    if division and not division.isdigit():
        raise NotFound("place")
    mine = [a.place_id for a in user.held if a.grants(Worklist.SUPERVISE)]
    found = [late for key in ([int(division)] if division else dict.fromkeys(mine)) for late in who_is_late(user, key)]
    below = tree()
    return [
        LateLine(
            late,
            _late_words(late),
            f"{reverse('worklist:late')}?division={late.key}" if below.children(late.key) else "",
        )
        for late in found
    ]


def _late_words(late: LateDivision) -> str:
    words = ngettext("{count} duty late; the oldest: {kind}", "{count} duties late; the oldest: {kind}", late.count)
    return words.format(count=late.count, kind=sentence(kind(late.kind).title))


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

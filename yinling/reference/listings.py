"""Rows of the module's own pages: small tables, read whole and filtered here."""

import json
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.reference.models import CodeList, DatedRow, Entry, Parameter
from yinling.reference.units import unit_words
from yinling.web.pieces import Chip

STATES = {
    "unverified": Q(verified=False, authority=Parameter.Authority.DOCUMENT),
    "verified": Q(verified=True),
    "own": Q(authority=Parameter.Authority.OPERATOR),
}
MOST_ROWS = 1000


def parameters(*, query: str = "", state: str = "") -> list[Parameter]:
    """Current values that hold today or will, by key; a key's part or a word of its title finds them."""
    rows = Parameter.objects.current().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=civil_date()))
    if state in STATES:
        rows = rows.filter(STATES[state])
    if query:
        rows = rows.filter(Q(key__contains=query) | Q(zh__contains=query) | Q(en__icontains=query))
    return [shown(row) for row in rows.order_by("key", "-layer", "valid_from")[:MOST_ROWS]]


def shown(row: Parameter) -> Parameter:
    """The row with its title and value as people read them."""
    title = row.zh if (get_language() or "zh-hans").startswith("zh") else row.en
    row.title, row.text = title or row.key, value_text(row.value)  # type: ignore[attr-defined]
    row.unit_words = unit_words(row.unit)  # type: ignore[attr-defined]
    return row


def value_text(value: object) -> str:
    """A value in one line: 30; 是; 60, 30, 7, 0."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_text(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def state_chips() -> list[Chip]:
    """How many current values are verified, how many not, and how many are the operator's own."""
    rows = Parameter.objects.current().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=civil_date()))
    count = rows.aggregate(**{state: Count("id", filter=condition) for state, condition in STATES.items()})
    words = {
        "unverified": _("Not verified"),
        "verified": pgettext("reference", "Verified"),
        "own": _("Operator's own limit"),
    }
    return [Chip(state, words[state], count[state]) for state in STATES]


def history(key: str) -> list[Parameter]:
    """Everything a parameter was ever believed to be, newest first."""
    rows = Parameter.objects.filter(key=key).order_by("superseded_at", "-valid_from", "-recorded_at")
    found = [shown(row) for row in rows]
    return [row for row in found if row.superseded_at is None] + [row for row in found if row.superseded_at]


def code_lists() -> list[CodeList]:
    """All lists, each with the number of its codes and of the unverified ones. Two statements."""
    doubtful = Count("id", filter=Q(verified=False))
    counted = Entry.objects.current().values("list_key").annotate(n=Count("id"), no=doubtful)
    by_key = {row["list_key"]: (row["n"], row["no"]) for row in counted}
    found = list(CodeList.objects.order_by("key"))
    for row in found:
        row.codes, row.unverified = by_key.get(row.key, (0, 0))  # type: ignore[attr-defined]
    return found


def code_list(key: str) -> CodeList:
    """One list. Raises NotFound."""
    found = CodeList.objects.filter(key=key).first()
    if found is None:
        raise NotFound("list")
    return found


def codes(key: str) -> list[Entry]:
    """The current codes of a list, in order, whenever they hold."""
    return list(Entry.objects.current().filter(list_key=key).order_by("order", "code", "-layer", "valid_from"))


def row(table: str, uid: UUID) -> DatedRow:
    """A current value or entry. Raises NotFound."""
    model = {"parameter": Parameter, "entry": Entry}.get(table)
    found = model.objects.current().filter(uid=uid).first() if model else None
    if found is None:
        raise NotFound("parameter")
    return shown(found) if isinstance(found, Parameter) else found


def address(found: DatedRow) -> str:
    """The page on which a row stands."""
    if isinstance(found, Entry):
        return reverse("reference:list", args=[found.list_key])
    return reverse("reference:parameter", args=[str(found)])

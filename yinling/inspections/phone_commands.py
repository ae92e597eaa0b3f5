"""What an inspector's telephone sends: answers to items, given without a signal. Photos and signatures need the page:
a photo made small has lost the camera's time and place, and a signature covers what both inspectors have seen."""

from typing import Any

from django.utils.translation import gettext as _

from yinling.inspections.models import Finding
from yinling.inspections.rules.inspecting import Answered
from yinling.inspections.services import Arrived, LateAnswer, answer_late
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import uid_of
from yinling.sync.registry import CommandKind, Difference, Done, Order
from yinling.web.sentences import sentence

MOST_ANSWERS, LONGEST_NOTE = 300, 600


def answer_items(order: Order) -> Done:
    """Answers to the items of one inspection, each with its time."""
    uid = uid_of(str(order.payload.get("inspection", "")))
    if uid is None:
        raise NotFound("inspection")
    return _said(answer_late(uid=uid, answers=_answers(order), by=order.by))


def _answers(order: Order) -> list[LateAnswer]:
    try:
        given = [(str(item), str(answer), str(note), at) for item, answer, note, at in order.payload["answers"]]
        return [
            LateAnswer(item, Answered(answer, note.strip()[:LONGEST_NOTE]), order.moment(at))
            for item, answer, note, at in given[:MOST_ANSWERS]
        ]
    except (KeyError, TypeError, ValueError):
        raise Refused("The telephone sent answers that cannot be read. Record them again.") from None


def _said(arrived: Arrived) -> Done:
    words = []
    if arrived.unsigned:
        words.append(_("One inspector had signed already. That signature fell away: both sign again."))
    if arrived.kept_out:
        words.append(_("Other answers were on record. They stand; change them on the page if they are wrong."))
    items = arrived.inspection.checklist.questions.items
    differing = (
        Difference(one.item, f"{sentence(items[one.item].text)} {_text(stands)}", _text(one.given))
        for one, stands in arrived.kept_out
    )
    return Done(" ".join(words), tuple(differing))


def _text(given: Answered) -> str:
    known: dict[Any, Any] = dict(Finding.Answer.choices)
    return " ".join(filter(None, (str(known.get(given.answer, given.answer)), given.note)))


COMMANDS = (CommandKind("inspection", answer_items),)

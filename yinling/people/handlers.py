"""Reactions to facts of others, and of our own. Each may arrive twice."""

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.models import Change
from yinling.people.duties import drop_questions
from yinling.people.jobs import JUDGE
from yinling.people.services.lists import drop_checks

BY = System("people")


def on_import_ended(change: Change) -> None:
    """All rows of a list are taken: have its edition compared with what stood before, in a job of its own."""
    if change.data.get("state") == "done":
        key = f"judge:{change.subject_uid}:{change.number}"
        jobs.start(JUDGE, {"import": str(change.subject_uid)}, by=BY, key=key, place_key=change.place_key)


def on_death(change: Change) -> None:
    """Nobody need find out why somebody who has died is on no list any more, nor ask for another consent."""
    if change.subject_uid is not None:
        drop_checks(uid=change.subject_uid, by=BY)
        drop_questions(change.subject_uid, by=BY)

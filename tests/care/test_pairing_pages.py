"""Pages of visitors and pairings: who may open them, what they show, how many queries they take."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.care.builders import BY, VILLAGE, a_person, a_visitor
from tests.conftest import LUFENG, QIAOJIANG, a_user
from yinling.care.models import Pairing, Visit, Visitor, Wish
from yinling.care.services import pairings as services
from yinling.care.services import proposals
from yinling.kernel.clock import civil_date
from yinling.kernel.jobs import run_all
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid

pytestmark = pytest.mark.usefixtures("city", "lists")


@pytest.fixture
def clerk() -> Client:
    return signed_in("township_clerk", LUFENG)


def signed_in(role: str, place_key: int) -> Client:
    client = Client()
    client.force_login(a_user(role, place_key), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_register_shows_visitors_of_the_clerks_divisions_only(clerk: Client) -> None:
    found = a_visitor("舒小英")
    assert "舒小英" in text_of(clerk, "care:visitors") and "舒小英" in text_of(clerk, "care:visitor", found.uid)
    other = signed_in("township_clerk", QIAOJIANG)
    assert "舒小英" not in text_of(other, "care:visitors")
    assert other.get(reverse("care:visitor", args=[found.uid])).status_code == 404
    assert signed_in("volunteer", VILLAGE).get(reverse("care:visitors")).status_code == 403


def test_the_register_takes_as_many_queries_for_twenty_visitors_as_for_two(clerk: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            text_of(clerk, "care:visitors")
        return len(caught)

    for n in range(2):
        a_visitor(f"访{n}")
    count()
    before = count()
    for n in range(18):
        a_visitor(f"视{n}")
    assert count() == before


def test_a_visitor_is_entered_changed_and_stopped_on_pages(clerk: Client) -> None:
    typed = {
        "name": "向春生", "kind": "volunteer", "sex": "1", "place_key": VILLAGE, "monthly_load": 8, "mode": "foot",
        "speaks": ["miao"], "begins_on": civil_date().isoformat(),
    }  # fmt: skip
    text_of(clerk, "care:visitor_add")
    assert clerk.post(reverse("care:visitor_add"), typed).status_code == 302
    made = Visitor.objects.get()
    text_of(clerk, "care:visitor_change", made.uid)
    assert clerk.post(reverse("care:visitor_change", args=[made.uid]), typed | {"monthly_load": 12}).status_code == 302
    text_of(clerk, "care:visitor_end", made.uid)
    stopped = {"on": civil_date().isoformat(), "reason": "去外地了"}
    assert clerk.post(reverse("care:visitor_end", args=[made.uid]), stopped).status_code == 302
    made.refresh_from_db()
    assert (made.monthly_load, made.ended_on) == (12, civil_date())


def test_a_clerk_pairs_from_the_ranked_list_and_sees_the_history_on_the_person(clerk: Client) -> None:
    person, found = a_person(), a_visitor("舒小英")
    a_visitor("满了", monthly_load=0)
    page = text_of(clerk, "care:pair_choose", person.uid)
    assert "舒小英" in page and "满了" in page
    refused = clerk.post(reverse("care:pair", args=[person.uid]), {"visitor": "nonsense"})
    assert refused.status_code == 404 and not Pairing.objects.exists()
    assert clerk.post(reverse("care:pair", args=[person.uid]), {"visitor": found.uid}).status_code == 302
    assert "舒小英" in text_of(clerk, "care:pairings_panel", person.uid)
    made = Pairing.objects.get()
    text_of(clerk, "care:pairing_end", made.uid)
    assert clerk.post(reverse("care:pairing_end", args=[made.uid]), {"reason": "搬走了"}).status_code == 302
    assert signed_in("township_clerk", QIAOJIANG).get(reverse("care:pair_choose", args=[person.uid])).status_code == 404


def test_wishes_are_written_down(clerk: Client) -> None:
    person, found = a_person(), a_visitor()
    text_of(clerk, "care:wish", person.uid)
    typed = {"speaks": ["dong"], "sex": "2", "skills": [], "not_visitor": str(found.uid)}
    assert clerk.post(reverse("care:wish", args=[person.uid]), typed).status_code == 302
    assert (Wish.objects.get().speaks, Wish.objects.get().not_visitor) == (["dong"], found)
    text_of(clerk, "care:wish", person.uid)


def test_somebody_stands_in_and_the_sheet_is_printed_with_a_line_of_the_look(clerk: Client) -> None:
    person, usual, other = a_person(), a_visitor(), a_visitor("舒小英")
    services.pair(person_uid=person.uid, visitor_uid=usual.uid, by=BY)
    today = civil_date()
    text_of(clerk, "care:visitor_substitute", usual.uid)
    typed = {"substitute": str(other.uid), "first": today.isoformat(), "last": (today + dt.timedelta(2)).isoformat()}
    assert clerk.post(reverse("care:visitor_substitute", args=[usual.uid]), typed).status_code == 302
    before = Change.objects.count()
    assert person.name in text_of(clerk, "care:visitor_print", usual.uid)
    assert Change.objects.count() == before + 1


def test_a_proposal_is_asked_for_looked_through_and_applied_in_part(clerk: Client) -> None:
    person, today = a_person(), civil_date()
    a_visitor()
    Visit.objects.create(person=person, rule="regular", key=str(new_uid()), opens_on=today, due_on=today)
    text_of(clerk, "care:proposals")
    assert clerk.post(reverse("care:proposals"), {"place_key": LUFENG}).status_code == 302
    made = proposals.Proposal.objects.get()
    text_of(clerk, "care:proposal", made.uid)
    run_all("test")
    assert "向春生" in text_of(clerk, "care:proposal", made.uid)
    assert clerk.get(reverse("care:proposal_progress", args=[made.uid]))["HX-Refresh"] == "true"
    none = clerk.post(reverse("care:proposal_settle", args=[made.uid, "some"]), {})
    assert none.status_code == 422
    line = made.lines.get()
    assert clerk.post(reverse("care:proposal_settle", args=[made.uid, "some"]), {"line": [line.pk]}).status_code == 302
    text_of(clerk, "care:proposal", made.uid)
    run_all("test")
    assert Pairing.objects.count() == 1
    assert signed_in("township_clerk", QIAOJIANG).get(reverse("care:proposal", args=[made.uid])).status_code == 404

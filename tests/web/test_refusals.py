"""A refusal becomes a page or a fragment, never a crash; a crash becomes a number."""

import re

import pytest
from django.test import Client
from django.utils import translation

from tests.web.addresses import PhoneForm
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason, Words
from yinling.web.refusals import refusals_beside, refuse_form
from yinling.web.sentences import sentence

pytestmark = [pytest.mark.urls("tests.web.addresses"), pytest.mark.django_db]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="zh-hans")


def test_a_refusal_reads_in_chinese_with_its_values(visitor: Client) -> None:
    answer = visitor.get("/refuses/")
    assert answer.status_code == 422
    assert "签到处离登记住址 840 米，上限 300 米。" in answer.content.decode()


def test_a_refusal_reads_in_english_for_who_chose_english(visitor: Client) -> None:
    visitor.post("/look/prefer/", {"language": "en", "next": "/look/"})
    assert "Checked in 840 m away; the limit is 300 m." in visitor.get("/refuses/").content.decode()


@pytest.mark.parametrize(
    ("address", "status"), [("/refuses/", 422), ("/forbids/", 403), ("/misses/", 404), ("/crashes/", 500)]
)
def test_every_answer_comes_as_page_and_as_fragment(visitor: Client, address: str, status: int) -> None:
    page = visitor.get(address)
    assert page.status_code == status
    assert "<html" in page.content.decode()
    fragment = visitor.get(address, **HTMX)
    assert fragment.status_code == status
    assert fragment["X-Fragment"] == "yes"
    assert "<html" not in fragment.content.decode()


def test_not_yours_and_not_there_read_alike(visitor: Client) -> None:
    assert visitor.get("/misses/").status_code == visitor.get("/nowhere/").status_code == 404


def test_a_crash_shows_its_number_and_no_detail(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    text = visitor.get("/crashes/").content.decode()
    number = re.search(r"E-[0-9A-F]{6}", text)
    assert number and number.group() in caplog.text
    assert "secret" not in text and "RuntimeError" not in text


def test_a_refusal_about_a_field_stands_beside_it_and_keeps_what_was_typed() -> None:
    form = PhoneForm({"phone": "139"})
    refuse_form(form, Refused("The phone number {phone} is too short.", field="phone", phone="139"))
    assert form.errors["phone"] == ["The phone number 139 is too short."]
    assert form["phone"].value() == "139"


def test_a_refusal_about_no_known_field_stands_above_the_form() -> None:
    form = PhoneForm({"phone": "139"})
    refuse_form(form, Refused("Closed on Sundays.", field="weekday"))
    assert form.non_field_errors() == ["Closed on Sundays."]


def test_a_service_that_refuses_leaves_its_sentence_and_the_view_goes_on() -> None:
    form, reached = PhoneForm({"phone": "139"}), []
    with refusals_beside(form):
        reached.append("the service")
        raise Refused("Closed on Sundays.")
    with refusals_beside(form):
        reached.append("the next one")
    assert form.non_field_errors() == ["Closed on Sundays."]
    assert reached == ["the service", "the next one"]


def test_a_crash_is_no_refusal_and_flies_on() -> None:
    with pytest.raises(RuntimeError), refusals_beside(PhoneForm({"phone": "139"})):
        raise RuntimeError


def test_sentences_fill_in_words_reasons_and_lists() -> None:
    inner = Reason("inner {n}", n=3)
    with translation.override("zh-hans"):
        assert sentence(Reason("{level}: {why}", level=Words("重度", "severe"), why=inner)) == "重度: inner 3"
        assert sentence(Reason("{names}", names=["甲", "乙"])) == "甲、乙"
    with translation.override("en"):
        assert sentence(Reason("{level} in {year}", level=Words("重度", "severe"), year=2026)) == "severe in 2026"


def test_going_back_after_a_switch_never_leaves_the_site(visitor: Client) -> None:
    assert visitor.post("/look/prefer/", {"theme": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"
    assert visitor.post("/look/prefer/", {"theme": "dark", "next": "/look/?a=1"})["Location"] == "/look/?a=1"
    assert visitor.cookies["theme"].value == "dark"
    assert visitor.get("/look/prefer/").status_code == 405

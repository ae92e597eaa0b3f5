"""A page that is one form: shown, refused beside the field, done."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

pytestmark = [pytest.mark.urls("tests.web.addresses"), pytest.mark.django_db]


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="en")


def test_the_form_stands_with_its_heading_note_button_and_the_way_back(visitor: Client) -> None:
    answer = visitor.get("/asks/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>Telephone</h1>" in text and "The new one" in text and ">Save</button>" in text
    assert 'href="/look/"' in text and "multipart" not in text and "data-position" not in text


def test_what_was_done_is_said_on_the_next_page(visitor: Client) -> None:
    answer = visitor.post("/asks/", {"phone": "13700000001"})
    assert (answer.status_code, answer["Location"]) == (302, "/look/")
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Saved."]


def test_a_refusal_stands_beside_the_field_and_what_was_typed_stays(visitor: Client) -> None:
    answer = visitor.post("/asks/", {"phone": "refuse"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["phone"] == ["refuse is no number."]
    assert 'value="refuse"' in answer.content.decode()


def test_whoever_may_not_gets_the_page_that_says_so(visitor: Client) -> None:
    assert visitor.post("/asks/", {"phone": "forbid"}).status_code == 403

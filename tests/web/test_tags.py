"""Components as HTML: what they say to readers, to keyboards and to the address."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils import timezone, translation

from tests.web.addresses import PhoneForm
from yinling.web.assets import WEB
from yinling.web.context import shell
from yinling.web.pieces import Chip, Crumb, Figure, Step
from yinling.web.registry import Panel, registry

pytestmark = pytest.mark.urls("tests.web.addresses")


class Clerk:
    """A visitor who holds one permission."""

    is_authenticated = True
    label = "clerk"

    def may(self, permission: str, place_key: int | None = None) -> bool:
        return permission == "people.read"


@pytest.fixture(autouse=True)
def _in_chinese() -> Any:
    with translation.override("zh-hans"):
        yield


def a_request(address: str = "/look/?kind=home&sort=name&after=abc") -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = Clerk()  # type: ignore[assignment]
    request.resolver_match = None
    return request


def drawn(source: str, request: HttpRequest | None = None, **values: Any) -> str:
    request = request or a_request()
    context = {"request": request, **shell(request), **values}
    template = Template("{% load look words %}" + source, engine=engines["django"].engine)
    return template.render(Context(context))


def test_filters_stay_in_the_address_and_page_tokens_do_not() -> None:
    assert drawn("{% query sort='-name' %}") == "?kind=home&amp;sort=-name"
    assert drawn("{% query kind=None %}") == "?sort=name"
    assert drawn("{% query kind=None sort=None %}") == "?"
    assert drawn("{% query kind=several %}", several=["a", "b"]) == "?kind=a&amp;kind=b&amp;sort=name"


def test_chips_are_links_with_counts_and_one_is_current() -> None:
    html = drawn("{% chips 'kind' options label='L' every=1248 %}", options=[Chip("home", "养老院", 12)])
    assert "全部 1,248" in html and "养老院 12" in html
    assert html.count("aria-current") == 1
    assert 'href="?sort=name"' in html and "kind=home" in html


def test_a_sorted_column_says_so_and_turns_round() -> None:
    html = drawn("{% sort_header 'name' 'N' %}")
    assert 'aria-sort="ascending"' in html and "sort=-name" in html
    assert "aria-sort" not in drawn("{% sort_header 'beds' 'B' %}")


def test_text_from_people_is_escaped() -> None:
    evil = "<script>x</script>"
    for source in (
        "{% tag v %}",
        "{% door v '?' %}",
        "{% say 'ok' %}{{ v }}{% endsay %}",
        "{% empty v %}",
        "{% due d v %}",
    ):
        assert "<script>" not in drawn(source, v=evil, d=timezone.now())


def test_a_level_is_shape_word_and_colour() -> None:
    html = drawn("{% level 'red' %}")
    assert 'class="lv red"' in html and "<svg" in html and "红" in html
    assert drawn("{% level 'purple' %}") == ""


def test_a_late_duty_says_how_late() -> None:
    html = drawn("{% due when %}", when=timezone.now() - dt.timedelta(minutes=6, seconds=5))
    assert 'class="due late"' in html and "超 6 分钟" in html
    assert "超 2 个工作日" in drawn("{% due when '超 2 个工作日' %}", when=timezone.now() - dt.timedelta(days=4))


def test_a_door_opens_or_says_why_not() -> None:
    assert drawn("{% door 207318 '/rows/' %}") == '<a class="door" href="/rows/">207,318</a>'
    assert "缺收入" in drawn("{% door '—' why='缺收入' %}")


def test_a_figure_tells_its_change_in_words_and_direction() -> None:
    html = drawn("{% figure f %}", f=Figure("在院", "2,418", "?", "人", "+37", "up", True, (1, 2, 3)))
    assert 'class="spark"' in html and 'class="up"' in html and "+37" in html


def test_breadcrumbs_end_without_a_link() -> None:
    html = drawn("{% crumbs p %}", p=[Crumb("怀化市", "/a/"), Crumb("卢峰镇")])
    assert html.count("<a ") == 1 and "›" in html


def test_the_step_it_stuck_on_is_marked_for_readers_too() -> None:
    html = drawn("{% steps s %}", s=[Step("发生", "13:52", "done"), Step("确认", "", "now"), Step("处置")])
    assert html.count('aria-current="step"') == 1 and "—" in html


def test_a_field_ties_label_help_and_error_together() -> None:
    form = PhoneForm({"phone": ""})
    html = drawn("{% field form.phone %}", form=form)
    assert 'for="id_phone"' in html
    assert 'aria-describedby="id_phone_help id_phone_error"' in html
    assert 'id="id_phone_help"' in html and 'id="id_phone_error"' in html
    assert html.count("aria-invalid") == 1


def test_nothing_at_all_is_a_dash_and_zero_is_zero() -> None:
    assert drawn("{{ v|number }}|{{ z|number }}|{{ v|day }}|{{ v|money }}", v=None, z=0) == "—|0|—|—"


def test_panels_follow_permission_and_say_who_may(monkeypatch: pytest.MonkeyPatch) -> None:
    panels = [
        Panel("b", "thing", "Second", "web:gallery-panel", "people.read", 2),
        Panel("a", "thing", "First", "web:gallery-panel", "", 1),
        Panel("secret", "thing", "Secret", "web:gallery-panel", "health.read", 3),
        Panel("health", "thing", "Health", "web:gallery-panel", "health.read", 4, who_may="Doctors may."),
        Panel("other", "home", "Other", "web:gallery-panel"),
    ]
    monkeypatch.setattr(registry, "panels", {panel.key: panel for panel in panels})
    html = drawn("{% panels 'thing' 'ready' %}")
    assert html.index("First") < html.index("Second") < html.index("Doctors may.")
    assert "Secret" not in html and "Other" not in html
    assert html.count('hx-get="/look/panel/ready/" hx-trigger="load"') == 2
    assert html.count("<noscript>") == 2


def test_no_component_carries_a_style_attribute() -> None:
    for path in (WEB / "templates").rglob("*.html"):
        text = path.read_text()
        assert " style=" not in text and "<style" not in text and "onclick" not in text, path

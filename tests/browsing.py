"""What browser tests share: logging in as somebody, and asking axe-core what is wrong with a page."""

from typing import Any

from django.conf import settings
from django.test import Client

from yinling.accounts.models import User
from yinling.web.assets import FRONTEND, build

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN_AS = ((390, "zh-hans"), (1280, "en"))


def axe_faults(page: Any) -> list[str]:
    """What axe-core finds, as `rule: element and why`."""
    axe = (FRONTEND / "node_modules/axe-core/axe.min.js").read_text()
    page.evaluate(f"() => {{ {axe} }}")  # by the debugger, so the policy against inline scripts stays on
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{f['id']}: {n['html'][:160]} {n['failureSummary'][:160]}" for f in found for n in f["nodes"]]


def faults(page: Any) -> list[str]:
    """What axe-core finds, and whether the page scrolls sideways."""
    said = axe_faults(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("sideways scroll")
    return said


def check(page: Any, server: Any, path: str) -> dict[str, list[str]]:
    """Faults on a phone in Chinese and on a desk in English; empty when there are none."""
    found = {}
    for width, language in SEEN_AS:
        page.context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")  # panels load by themselves
        if said := faults(page):
            found[f"{path} {width} {language}"] = said
    return found


def enter(page: Any, server: Any, user: User) -> None:
    """Be logged in without the log-in page: the session's cookie is put into the browser."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])


def log_in(page: Any, server: Any, user: User, password: str = "correct horse battery") -> None:
    """Log in through the page, as a person does."""
    build()
    page.goto(f"{server.url}/accounts/login/")
    page.fill("#id_login", user.username)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/work/**")

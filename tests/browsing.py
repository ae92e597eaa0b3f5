"""What browser tests share: logging in as somebody, and asking axe-core what is wrong with a page."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.test import Client

from yinling.accounts.models import User
from yinling.web.assets import FRONTEND, build

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN_AS = ((390, "zh-hans"), (1280, "en"))
LOOK_MS, QUIET_LOOKS, MOST_LOOKS = 30, 4, 1000


def axe_faults(page: Any) -> list[str]:
    """What axe-core finds, as `rule: element and why`."""
    page.evaluate(axe())  # by the debugger, so the policy against inline scripts stays on
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [f"{f['id']}: {n['html'][:160]} {n['failureSummary'][:160]}" for f in found for n in f["nodes"]]


@lru_cache(maxsize=1)
def axe() -> str:
    return f"() => {{ {(FRONTEND / 'node_modules/axe-core/axe.min.js').read_text()} }}"


def visit(page: Any, address: str) -> Any:
    """Open a page and wait for its panels, which load by themselves: until nothing has been under way for a tenth of
    a second. Playwright's own `networkidle` waits for half a second on every page. Returns the answer."""
    under_way: set[Any] = set()

    def began(request: Any) -> None:
        under_way.add(request)

    def ended(request: Any) -> None:
        under_way.discard(request)

    handlers = {"request": began, "requestfinished": ended, "requestfailed": ended}
    for event, handler in handlers.items():
        page.on(event, handler)
    answer = page.goto(address)
    looks, quiet = 0, 0
    while quiet < QUIET_LOOKS:
        page.wait_for_timeout(LOOK_MS)
        looks, quiet = looks + 1, 0 if under_way else quiet + 1
        assert looks < MOST_LOOKS, f"{address} is still loading {[one.url for one in under_way]}"
    for event, handler in handlers.items():
        page.remove_listener(event, handler)
    return answer


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
        visit(page, server.url + path)
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

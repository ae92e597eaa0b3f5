"""The visitor's app: an empty shell that anybody may load. What it shows comes through sync, under the phone's key."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yinling.care.app_words import words
from yinling.web.assets import BUILT


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page with its templates and words, without a single person in it."""
    addresses = {name: reverse(f"my_sync:{name}") for name in ("open", "exchange", "standing")}
    addresses |= {"pieces": reverse("my_sync:piece", args=["DIGEST"]), "login": reverse("account_login")}
    return render(request, "care/app.html", {"words": words(), "addresses": addresses})


@require_GET
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Served from here, so that it reaches no further than the app."""
    return HttpResponse((BUILT / "visits-worker.js").read_bytes(), content_type="text/javascript")


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the page an app on the home screen."""
    here = reverse("visits_app:shell")
    icon = {"src": static("brand/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    return JsonResponse(
        {
            "name": _("Visits"), "short_name": _("Visits"), "start_url": here, "scope": here, "display": "standalone",
            "lang": request.LANGUAGE_CODE, "background_color": "#f6f0e6", "theme_color": "#1c5a4c", "icons": [icon],
        },
        content_type="application/manifest+json",
    )  # fmt: skip

"""Public pages: the home page, places of care, statements; and two addresses for machines."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from yinling.kernel.clock import now
from yinling.portal import finding
from yinling.portal.caching import for_everybody, public_page
from yinling.portal.figures import OpenFigures, open_figures
from yinling.web.views import prefer

CLOSED_TO_ROBOTS = ("/work/", "/my/", "/api/", "/accounts/")


@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    """Four doors, open figures, and who is behind this."""
    city = finding.city_division()
    context = {
        "city": city.name if city else _("The city"),
        "per_need": finding.counts(finding.Asked()),
        "figures": open_figures(city.key) if city else OpenFigures(None, []),
    }
    return public_page(request, "portal/home.html", context)


@for_everybody
def care(request: HttpRequest) -> HttpResponse:
    """Places of care by need, county and name."""
    asked = finding.Asked.from_address(request.GET)
    per_need = finding.counts(asked)
    page, places = finding.page_of(asked, request.GET)
    context = {
        "asked": asked, "page": page, "places": places, "counties": finding.counties(), "now": now(),
        "has_beds": any(place.free is not None for place in places),
        "chips": finding.chips_of(per_need), "every": sum(per_need.values()),
        "total": per_need[asked.need] if asked.need else sum(per_need.values()),
    }  # fmt: skip
    return public_page(request, "portal/care.html", context)


@for_everybody
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and what is invented in a demonstration."""
    return public_page(request, "portal/about.html")


@for_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    """For whom the pages work, what is missing, and whom to tell."""
    return public_page(request, "portal/accessibility.html")


# Public pages carry no token (see `caching`). A forged request could only change how the reader's pages look.
keep_choice = csrf_exempt(prefer)


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read what is public."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """ok when the database answers, else 503: for whoever watches the server."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")

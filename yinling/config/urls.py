"""Addresses say the audience: / public, /my/ elders and families, /work/ staff, /api/v1/ partners."""

from django.urls import URLPattern, URLResolver, include, path

from yinling.config import api
from yinling.messages import api as messages_api
from yinling.web.api.problems import nothing_here

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yinling.portal.urls")),
    path("accounts/", include("yinling.accounts.entrance_urls")),
    path("work/", include("yinling.desk.urls")),
    path("work/accounts/", include("yinling.accounts.urls")),
    path("work/people/", include("yinling.people.urls")),
    path("work/organisations/", include("yinling.organisations.urls")),
    path("work/assessments/", include("yinling.assessments.urls")),
    path("work/files/", include("yinling.files.urls")),
    path("work/packs/", include("yinling.packs.urls")),
    path("work/places/", include("yinling.places.urls")),
    path("work/reference/", include("yinling.reference.urls")),
    path("work/institutions/", include("yinling.institutions.urls")),
    path("work/devices/", include("yinling.devices.urls")),
    path("work/inspections/", include("yinling.inspections.urls")),
    path("draws/", include("yinling.inspections.public_urls")),
    path("work/supervision/", include("yinling.supervision.urls")),
    path("work/warnings/", include("yinling.supervision.warnings.urls")),
    path("work/ledger/", include("yinling.ledger.urls")),
    path("work/messages/", include("yinling.messages.urls")),
    path("work/city/", include("yinling.city.urls")),
    path("work/rosters/", include("yinling.rosters.urls")),
    path("work/care/", include("yinling.care.urls")),
    path("work/shifts/", include("yinling.shifts.urls")),
    path("work/spreadsheets/", include("yinling.spreadsheets.urls")),
    path("work/sync/", include("yinling.sync.urls")),
    path("my/sync/", include("yinling.sync.my_urls")),
    path("my/visits/", include("yinling.care.my_urls")),
    path("work/volunteers/", include("yinling.volunteers.urls")),
    path("my/hours/", include("yinling.volunteers.my_urls")),
    path("time-bank/", include("yinling.volunteers.public_urls")),
    path("work/worklist/", include("yinling.worklist.urls")),
    path("api/v1/messages/receipts/<str:channel>/", messages_api.receipt),
    path("api/v1/", api.document, name="api_document"),
    path("api/v1/", api.api.urls),
    path("api/<path:path>", nothing_here),
    path("look/", include("yinling.web.urls")),
]

handler403 = "yinling.web.refusals.forbidden"
handler404 = "yinling.web.refusals.not_found"
handler500 = "yinling.web.views.page_broken"

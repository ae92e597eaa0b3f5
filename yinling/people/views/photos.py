"""The portrait: show, put on, take off."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.people import services
from yinling.people.forms import PhotoForm, ReasonForm
from yinling.people.views.changing import change, file_response
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def photo(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The picture itself."""
    return file_response(services.open_photo(uid=uid, by=request.user))


@login_required
def change_photo(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Put a portrait on the card."""

    def act(data: dict[str, Any]) -> None:
        picture = data["photo"]
        services.keep_photo(uid=uid, stream=picture, name=picture.name, has_agreed=data["has_agreed"], by=request.user)

    form = PhotoForm(request.POST or None, request.FILES or None)
    return change(request, uid, form, act, (_("Photograph of the person"), _("Save")))


@login_required
def remove_photo(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take the portrait off."""

    def act(data: dict[str, Any]) -> None:
        services.remove_photo(uid=uid, reason=data["reason"], by=request.user)

    return change(request, uid, ReasonForm(request.POST or None), act, (_("Remove the photograph"), _("Remove it")))

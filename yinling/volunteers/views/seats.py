"""For whom a page acts: a member chosen by staff under /work/, or oneself under /my/hours/."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from yinling.kernel.errors import NotFound
from yinling.volunteers.models import Member
from yinling.volunteers.queries.members import members_of, own_member
from yinling.web.form_pages import FormPage
from yinling.web.requests import StaffRequest

FIELDS = ("branch", "person", "user", "volunteer")


@dataclass(frozen=True)
class Seat:
    """A member, the page to go back to, and the frame of forms there."""

    member: Member
    to: str
    template: str
    is_own: bool

    def page(self, heading: str, action: str, done: str, **more: Any) -> FormPage:
        """A form page in this seat."""
        return FormPage(heading, action, done, self.to, back=self.to, template=self.template, **more)


def seat(request: StaffRequest, uid: UUID | None) -> Seat:
    """The member a page is about. Raises NotFound when it is not the user's to see."""
    if uid is None:
        own = own_member(request.user)
        if own is None:
            raise NotFound("member")
        return Seat(own, reverse("hours:home"), "volunteers/my_form.html", is_own=True)
    found = members_of(request.user).select_related(*FIELDS).one(uid=uid)
    return Seat(found, reverse("volunteers:member", args=[uid]), "web/form.html", is_own=False)

"""How the worklist names what waits for homes: kinds of duty, and labels of applications, licences and stays."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.institutions.models import Application, Certificate, Institution, Licence, Stay
from yinling.kernel.actors import Actor
from yinling.kernel.names import mask_name
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.worklist.kinds import Kind

Labels = Mapping[UUID, tuple[str, str, str]]
KINDS = (
    Kind("institutions.review", _("Application for a home"), "bed", closes_by_hand=False),
    Kind("institutions.licence", _("Licence running out"), "license", closes_by_hand=False),
    Kind("institutions.certificate", _("Staff certificate running out"), "certificate", closes_by_hand=False),
    Kind("institutions.return", _("Return from leave"), "home-2", closes_by_hand=False),
    Kind("institutions.discharge", _("Discharge"), "bed", closes_by_hand=False),
    Kind("institutions.filing", _("Filing of a home"), "file-text", closes_by_hand=False),
    Kind("institutions.hold", _("Bed kept for a hospital stay"), "bed"),
    Kind("institutions.offer", _("Offer of a bed that lapsed"), "clock"),
)


def applications(uids: Sequence[UUID], user: Actor) -> Labels:
    """Applicant and home. One query."""
    found = Application.objects.visible_to(user).filter(uid__in=uids).select_related("person", "institution")
    return {
        a.uid: (mask_name(a.person.name), a.institution.name, reverse("institutions:application", args=[a.uid]))
        for a in found
    }


def licences(uids: Sequence[UUID], user: Actor) -> Labels:
    """Home and kind of licence. One query."""
    found = Licence.objects.visible_to(user).filter(uid__in=uids).select_related("institution")
    return {
        licence.uid: (
            licence.institution.name,
            label("licence_kind", licence.kind),
            reverse("institutions:institution", args=[licence.institution.uid]),
        )
        for licence in found
    }


def certificates(uids: Sequence[UUID], user: Actor) -> Labels:
    """Who holds it and which, and the home. One query."""
    found = Certificate.objects.visible_to(user).filter(uid__in=uids).select_related("staff__institution")
    return {
        paper.uid: (
            f"{paper.staff.name} · {label('certificate_kind', paper.kind)}",
            paper.staff.institution.name,
            reverse("institutions:staff_member", args=[paper.staff.uid]),
        )
        for paper in found
    }


def stays(uids: Sequence[UUID], user: Actor) -> Labels:
    """Resident and home. One query."""
    found = Stay.objects.visible_to(user).filter(uid__in=uids).select_related("person", "institution")
    return {
        s.uid: (mask_name(s.person.name), s.institution.name, reverse("institutions:stay", args=[s.uid])) for s in found
    }


def homes(uids: Sequence[UUID], user: Actor) -> Labels:
    """Home and place. One query."""
    found = Institution.objects.visible_to(user).filter(uid__in=uids)
    return {
        home.uid: (home.name, tree().name(home.place_key), reverse("institutions:institution", args=[home.uid]))
        for home in found
    }


RESOLVERS = {
    "institution": homes,
    "application": applications,
    "licence": licences,
    "staff_certificate": certificates,
    "stay": stays,
}

"""An accepted volunteer goes to doors: the visitor of `care` behind a volunteer."""

from django.utils.translation import gettext_noop as _

from yinling.care.models import Visitor
from yinling.care.services.visitors import Details, add_visitor, end_visitor, resume_visitor
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.volunteers.models import Volunteer

BY = System("time bank")  # who may accept volunteers is decided before; the pairing is others' work
MONTHLY_LOAD = 8
STOPPED = _("No volunteer any more")


def begin_visiting(volunteer: Volunteer) -> None:
    """Make the volunteer a visitor of `care`, or let them go on; again changes nothing."""
    if volunteer.visitor is not None:
        resume_visitor(uid=volunteer.visitor.uid, by=BY)
        return
    member = volunteer.member
    details = Details(
        name=member.name, kind=Visitor.Kind.VOLUNTEER, sex=member.sex, place_key=member.place_key,
        monthly_load=MONTHLY_LOAD, begins_on=civil_date(), speaks=tuple(volunteer.speaks),
        skills=tuple(volunteer.skills),
    )  # fmt: skip
    volunteer.visitor = add_visitor(details=details, by=BY, person=member.person, user=member.user)
    volunteer.save(update_fields=["visitor"])


def end_visiting(volunteer: Volunteer) -> None:
    """The volunteer goes to no doors any more."""
    if volunteer.visitor is not None and volunteer.visitor.ended_on is None:
        end_visitor(uid=volunteer.visitor.uid, on=civil_date(), reason=STOPPED, by=BY)

"""Every table with sealed columns, for the rotation of keys. A house test finds one that is missing here."""

from yinling.assessments import sealed as assessments
from yinling.care import sealed as care
from yinling.devices import sealed as devices
from yinling.inspections import sealed as inspections
from yinling.institutions import sealed as institutions
from yinling.messages import sealed as messages
from yinling.organisations import sealed as organisations
from yinling.people import sealed as people
from yinling.shifts import sealed as shifts
from yinling.supervision import sealed as supervision
from yinling.sync import sealed as sync
from yinling.volunteers import sealed as volunteers
from yinling.worklist import sealed as worklist

SEALED = (
    *organisations.TABLES, *worklist.TABLES, *messages.TABLES, *people.TABLES, *assessments.TABLES,
    *institutions.TABLES, *devices.TABLES, *shifts.TABLES, *inspections.TABLES, *supervision.TABLES,
    *volunteers.TABLES, *sync.TABLES, *care.PLANS, *care.VISITS,
)  # fmt: skip

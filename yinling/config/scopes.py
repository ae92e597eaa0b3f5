"""Which permissions a program's token may carry. None that opens protected data: programs see masked values only."""

from yinling.assessments.permissions import Assessments
from yinling.institutions.permissions import Institutions
from yinling.people.permissions import People
from yinling.places.permissions import Places
from yinling.supervision.permissions import Supervision
from yinling.worklist.permissions import Worklist

SCOPES = (
    Places.READ, People.SEARCH, People.READ, People.REGISTER, People.EDIT, People.REGISTER_DEATH, Assessments.READ,
    Institutions.READ, Worklist.HANDLE, Supervision.READ, Supervision.ANSWER,
)  # fmt: skip

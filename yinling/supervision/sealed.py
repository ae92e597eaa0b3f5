"""Which columns of supervision are sealed, and what each value is bound to."""

from yinling.kernel.rotation import Sealed
from yinling.supervision.models import Step
from yinling.supervision.services.steps import note_place

TABLES = (Sealed(Step, {"note": lambda step: note_place(step.uid)}),)

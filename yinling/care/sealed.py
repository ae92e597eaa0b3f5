"""The sealed columns of care, for the rotation of keys. By subject."""

from yinling.care.models import Doubt, Goal, Review, Session, Visit
from yinling.care.models.plans import plan_where
from yinling.care.models.visits import doubt_where, visit_where
from yinling.kernel.rotation import Sealed

PLANS = (
    Sealed(Goal, {"words_sealed": lambda row: plan_where("goal", row.uid)}),
    Sealed(Session, {"note_sealed": lambda row: plan_where("session", row.uid)}),
    Sealed(Review, {"words_sealed": lambda row: plan_where("review", row.uid)}),
)
VISITS = (
    Sealed(Visit, {"note_sealed": lambda row: visit_where(row.uid)}),
    Sealed(Doubt, {"finding_sealed": lambda row: doubt_where(row.uid)}),
)

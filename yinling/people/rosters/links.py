"""Where the outcome of a row leads, and what the fields are called that an import may change."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.kernel.reasons import Words
from yinling.spreadsheets.outcomes import Outcome, OutcomeKind
from yinling.spreadsheets.registers import Link

WAITS = "Say in the list of doubts whether it is the same person."
"""The next step of a row that waits for somebody (`services.bulk`): its subject is the doubt, not a person."""

TITLES = {
    "place_key": Words("居住地", "residence"),
    "hospital_stay": Words("住院记录", "stay in hospital"),
    "life_status": Words("生存状态", "life status"),
    "birth_precision": Words("出生日期的精度", "precision of the birth date"),
    "birth_is_lunar": Words("是否农历", "lunar date"),
    "birth_is_uncertain": Words("生日是否存疑", "uncertain birth date"),
    "document_kind": Words("证件类型", "kind of document"),
    "registered_place_key": Words("户籍地", "registered residence"),
    "destitute": Words("特困", "destitute"),
    "low_income": Words("低保", "low income"),
    "low_income_edge": Words("低保边缘", "just above low income"),
    "disabled": Words("残疾", "disabled"),
    "living_alone": Words("独居", "living alone"),
    "empty_nest": Words("空巢", "empty nest"),
    "left_behind": Words("留守", "left behind"),
    "special_family_planning": Words("计生特殊家庭", "special family planning"),
    "over_80": Words("高龄", "over 80"),
    "centenarian": Words("百岁", "centenarian"),
    "preferential_treatment": Words("优抚", "preferential treatment"),
    "veteran": Words("退役军人", "veteran"),
}


def link_of(outcome: Outcome) -> Link | None:
    """The page where the next step of a row is taken."""
    if not outcome.subject or outcome.kind is OutcomeKind.UNCHANGED:
        return None
    if any(step.text == WAITS for step in outcome.next_steps):
        return Link(_("Decide who it is"), reverse("people:doubt", args=[outcome.subject]))
    words = _("See the change") if outcome.kind is OutcomeKind.UPDATED else _("Open the file")
    return Link(words, reverse("people:person", args=[outcome.subject]))

"""Writes, by subject. One function per verb: see, decide, save, record."""

from yinling.inspections.services.bulk import PastHazard, PastInspection, load_past
from yinling.inspections.services.checklists import checklist_differences, load_checklist
from yinling.inspections.services.draws import Wanted, abandon_draw, close_list, open_draw, reveal_draw
from yinling.inspections.services.finding import What, find_hazard, grade_hazard, void_hazard
from yinling.inspections.services.inspecting import Around, answer, answers_of, check_in, describe, digest_of, sign
from yinling.inspections.services.late import Arrived, LateAnswer, answer_late
from yinling.inspections.services.major import list_hazard, report_upward, shut_part
from yinling.inspections.services.photos import open_photo, photograph_hazard, photograph_item
from yinling.inspections.services.planning import (
    declare_interest,
    plan_inspection,
    void_inspection,
    withdraw_interest,
)
from yinling.inspections.services.rectifying import (
    ask_extension,
    decide_extension,
    has_found,
    issue_notice,
    recheck,
    submit_work,
)
from yinling.inspections.services.scoping import Point, works_in

__all__ = [
    "Around", "Arrived", "LateAnswer", "PastHazard", "PastInspection", "Point", "Wanted", "What", "abandon_draw",
    "answer", "answer_late", "answers_of", "ask_extension", "check_in", "checklist_differences", "close_list",
    "decide_extension", "declare_interest", "describe", "digest_of", "find_hazard", "grade_hazard", "has_found",
    "issue_notice", "list_hazard", "load_checklist", "load_past", "open_draw", "open_photo", "photograph_hazard",
    "photograph_item", "plan_inspection", "recheck", "report_upward", "reveal_draw", "shut_part", "sign", "submit_work",
    "void_hazard", "void_inspection", "withdraw_interest", "works_in",
]  # fmt: skip

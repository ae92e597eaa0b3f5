"""Writes, by subject. One function per verb: see, decide, save, record."""

from yinling.assessments.services.bulk import PastResult, load_results
from yinling.assessments.services.certificates import register_certificate
from yinling.assessments.services.drafting import plan_assessment, save_draft
from yinling.assessments.services.evidence import attach, keep_drawing, open_evidence
from yinling.assessments.services.expiring import remind, report_change_of_condition
from yinling.assessments.services.instruments import instrument_differences, load_instrument
from yinling.assessments.services.levels import void_assessment
from yinling.assessments.services.listing import note_export
from yinling.assessments.services.recording import record_legacy, record_self_care
from yinling.assessments.services.signing import Proof, content_of, digest_of, entered_of, sign

__all__ = [
    "PastResult", "Proof", "attach", "content_of", "digest_of", "entered_of", "instrument_differences", "keep_drawing",
    "load_instrument", "load_results", "note_export", "open_evidence", "plan_assessment", "record_legacy",
    "record_self_care", "register_certificate", "remind", "report_change_of_condition", "save_draft", "sign",
    "void_assessment",
]  # fmt: skip

"""Writes, by subject. One function per verb: see, decide, save, record."""

from yinling.assessments.services.bulk import PastResult, load_results
from yinling.assessments.services.certificates import register_certificate
from yinling.assessments.services.drafting import plan_assessment, save_draft, why_not_entered
from yinling.assessments.services.evidence import attach, keep_drawing, open_evidence, sign_as_informant
from yinling.assessments.services.expiring import open_reports, remind, report_change_of_condition
from yinling.assessments.services.instruments import instrument_differences, load_instrument
from yinling.assessments.services.levels import void_assessment
from yinling.assessments.services.listing import note_export
from yinling.assessments.services.recording import record_legacy, record_self_care
from yinling.assessments.services.signing import Proof, content_of, digest_of, entered_of, sign

__all__ = [
    "PastResult", "Proof", "attach", "content_of", "digest_of", "entered_of", "instrument_differences", "keep_drawing",
    "load_instrument", "load_results", "note_export", "open_evidence", "open_reports", "plan_assessment",
    "record_legacy", "record_self_care", "register_certificate", "remind", "report_change_of_condition",
    "save_draft", "sign", "sign_as_informant", "void_assessment", "why_not_entered",
]  # fmt: skip

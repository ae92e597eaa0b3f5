"""Who listens to what, what runs at night, which figures are kept: the whole wiring on one screen."""

import datetime as dt

from yinling.accounts.sessions import SessionStore
from yinling.assessments import duties as assessment_duties
from yinling.assessments import jobs as assessment_jobs
from yinling.assessments import services as assessments
from yinling.assessments.measures import MEASURES as ASSESSMENT_MEASURES
from yinling.city.duties import KINDS as CITY_KINDS
from yinling.config import change_words
from yinling.desk import figures
from yinling.files import services as files
from yinling.institutions import handlers as institution_handlers
from yinling.institutions import jobs as institution_jobs
from yinling.institutions import waiting as institution_duties
from yinling.institutions.measures import MEASURES as INSTITUTION_MEASURES
from yinling.institutions.measures import RATIOS as INSTITUTION_RATIOS
from yinling.institutions.rosters import REGISTERS as INSTITUTION_REGISTERS
from yinling.kernel import measures, rotation
from yinling.kernel.actors import System
from yinling.kernel.changes import describe, listen
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.jobs import Progress, kind, start
from yinling.kernel.seals import close_days
from yinling.messages import jobs as message_jobs
from yinling.packs import parts
from yinling.people import rosters, sealed
from yinling.people.measures import MEASURES as PEOPLE_MEASURES
from yinling.people.presenting import duty_labels
from yinling.places.queries import ancestors
from yinling.spreadsheets import jobs as spreadsheet_jobs
from yinling.spreadsheets import registers
from yinling.worklist import jobs as worklist_jobs
from yinling.worklist import kinds, subjects
from yinling.worklist import measures as worklist_measures

CLOCK = System("clock")
NIGHT_HOUR = 1
JOBS = (assessment_jobs, institution_jobs, message_jobs, spreadsheet_jobs, worklist_jobs)  # each registers its work
NIGHTLY = ("nightly.figures", "nightly.seals", "nightly.sweep", "assessments.expiry", "institutions.licences")
DESK = ("elders", "residents", "beds_usable", "destitute", "living_alone", "disabled", "worklist.late")


def connect() -> None:
    """Connect registers, measures, packs, duties, sealed columns."""
    registers.offer(*rosters.REGISTERS, *INSTITUTION_REGISTERS)
    measures.offer(*PEOPLE_MEASURES, *ASSESSMENT_MEASURES, *INSTITUTION_MEASURES)
    measures.offer(worklist_measures.OPEN, worklist_measures.LATE)
    figures.choose(DESK, INSTITUTION_RATIOS)
    rotation.offer(*sealed.TABLES)
    parts.offer(parts.dated("instruments", assessments.instrument_differences, assessments.load_instrument, order=60))
    kinds.offer(*_assessment_kinds(), *institution_duties.KINDS, *CITY_KINDS)
    subjects.offer("person", duty_labels)
    for subject, resolver in institution_duties.RESOLVERS.items():
        subjects.offer(subject, resolver)
    describe(change_words.WORDS)
    listen("people.died", "institutions.death", institution_handlers.on_death)


def _assessment_kinds() -> list[kinds.Kind]:
    """An assessment to carry out is closed by signing it; the others by hand too."""
    words = assessment_duties.WORDS
    return [kinds.Kind(k, words[k], "clipboard-check", closes_by_hand=k != assessment_duties.ASSESS) for k in words]


def start_what_is_due() -> None:
    """Queue the nightly work whose time has come; the same work is queued once."""
    today, minute = civil_date(), int(now().timestamp()) // worklist_jobs.PERIOD_S
    start("worklist.escalate", {}, by=CLOCK, key=f"escalate {minute}")
    if now().astimezone(CITY_ZONE).hour < NIGHT_HOUR:
        return
    for name in NIGHTLY:
        start(name, {"day": str(today)}, by=CLOCK, key=f"{name} {today}")


@kind("nightly.figures")
def keep_figures(progress: Progress) -> dict[str, int]:
    """Count every measure for the day and keep the values of every division."""
    day = dt.date.fromisoformat(progress.arguments["day"])
    return {"figures": measures.keep(day, ancestors())}


@kind("nightly.seals")
def close_sealed_days(progress: Progress) -> dict[str, int]:
    """Write the root over the chains of every day that is over."""
    return {"days": close_days(dt.date.fromisoformat(progress.arguments["day"]))}


@kind("nightly.sweep")
def sweep(progress: Progress) -> dict[str, int]:
    """Clear ended sessions, and files whose time has come."""
    SessionStore.clear_expired()
    return {"files": files.erase_expired(civil_date(), by=CLOCK)}

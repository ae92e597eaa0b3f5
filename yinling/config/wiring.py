"""Who listens to what, what runs at night, which figures are kept: the whole wiring on one screen."""

import datetime as dt

from yinling.accounts import exports as account_exports
from yinling.accounts import tokens
from yinling.accounts.sessions import SessionStore
from yinling.assessments import duties as assessment_duties
from yinling.assessments import exports as assessment_exports
from yinling.assessments import jobs as assessment_jobs
from yinling.assessments import services as assessments
from yinling.assessments.measures import MEASURES as ASSESSMENT_MEASURES
from yinling.care import duties as care_duties
from yinling.care import exports as care_exports
from yinling.care import handlers as care_handlers
from yinling.care import help_calls, phone_commands, phone_feeds
from yinling.care import jobs as care_jobs
from yinling.care import measures as care_measures
from yinling.care import waiting as care_waiting
from yinling.care.services import templates as care_templates
from yinling.care.services import visiting as care_visiting
from yinling.city.duties import KINDS as CITY_KINDS
from yinling.config import books, carried, change_words
from yinling.config.flows import administrators, saved_hours, signs_of_life, visits_after_alerts
from yinling.config.scopes import SCOPES
from yinling.config.sealing import SEALED
from yinling.desk import exports, figures
from yinling.devices import exports as device_exports
from yinling.devices import handlers as device_handlers
from yinling.devices import queries as device_queries
from yinling.devices import services as devices
from yinling.devices.measures import MEASURES as DEVICE_MEASURES
from yinling.devices.rosters import REGISTERS as DEVICE_REGISTERS
from yinling.files import services as files
from yinling.inspections import duties as inspection_duties
from yinling.inspections import exports as inspection_exports
from yinling.inspections import phone_commands as inspection_commands
from yinling.inspections import phone_feeds as inspection_feeds
from yinling.inspections import services as inspections
from yinling.inspections.measures import MEASURES as INSPECTION_MEASURES
from yinling.institutions import exports as institution_exports
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
from yinling.ledger import exports as ledger_exports
from yinling.ledger import jobs as ledger_jobs
from yinling.ledger import names as ledger_names
from yinling.messages import exports as message_exports
from yinling.messages import jobs as message_jobs
from yinling.packs import exports as pack_exports
from yinling.packs import parts
from yinling.people import duties as people_duties
from yinling.people import exports as people_exports
from yinling.people import handlers as people_handlers
from yinling.people import jobs as people_jobs
from yinling.people import looks
from yinling.people.measures import MEASURES as PEOPLE_MEASURES
from yinling.people.presenting import duty_labels
from yinling.people.rosters import registers as people_rosters
from yinling.people.rosters import sharing
from yinling.people.services import forget_signs_of_life
from yinling.places import carrying
from yinling.places.queries import ancestors
from yinling.reference import exports as reference_exports
from yinling.rosters import exports as roster_exports
from yinling.shifts import duties as shift_duties
from yinling.shifts import exports as shift_exports
from yinling.shifts import handlers as shift_handlers
from yinling.shifts import jobs as shift_jobs
from yinling.spreadsheets import jobs as spreadsheet_jobs
from yinling.spreadsheets import listings as import_listings
from yinling.spreadsheets import registers
from yinling.supervision import duties as alert_duties
from yinling.supervision import exports as alert_exports
from yinling.supervision import jobs as alert_jobs
from yinling.supervision import queries as alerts
from yinling.supervision import services as supervision
from yinling.supervision.measures import MEASURES as ALERT_MEASURES
from yinling.supervision.warnings import jobs as warning_jobs
from yinling.supervision.warnings import listening as warnings
from yinling.sync import exports as sync_exports
from yinling.sync import registry as phones
from yinling.sync.services import sweep_pieces
from yinling.volunteers import duties as volunteer_duties
from yinling.volunteers import exports as volunteer_exports
from yinling.volunteers import handlers as volunteer_handlers
from yinling.volunteers import jobs as volunteer_jobs
from yinling.volunteers.measures import MEASURES as VOLUNTEER_MEASURES
from yinling.worklist import exports as worklist_exports
from yinling.worklist import handlers as worklist_handlers
from yinling.worklist import jobs as worklist_jobs
from yinling.worklist import kinds, subjects
from yinling.worklist import measures as worklist_measures

CLOCK = System("clock")
NIGHT_HOUR = 1
# Each registers its work.
JOBS = (
    alert_jobs, assessment_jobs, care_jobs, institution_jobs, ledger_jobs, message_jobs, people_jobs, shift_jobs,
    spreadsheet_jobs, volunteer_jobs, worklist_jobs,
)  # fmt: skip
# Each says what its lists hold when they are taken out.
LISTS = (
    account_exports, alert_exports, assessment_exports, care_exports, device_exports, import_listings,
    inspection_exports, message_exports, pack_exports, people_exports, reference_exports, roster_exports, sharing,
    shift_exports, institution_exports, ledger_exports, sync_exports, volunteer_exports, worklist_exports,
)  # fmt: skip
# In this order: what the other work of the night has opened or left undone is told and watched last.
NIGHTLY = (
    "nightly.figures", "nightly.seals", "nightly.sweep", people_jobs.AGES, people_jobs.EXPIRY, "assessments.expiry",
    "institutions.licences", "institutions.certificates", "institutions.terms", "shifts.risks", care_jobs.PLANS,
    care_jobs.PAIRINGS, care_jobs.BEDS, care_jobs.DUE, care_jobs.DOUBTS, volunteer_jobs.BANK, volunteer_jobs.CARE_FOR,
    warning_jobs.WARN, alert_jobs.NOISY, "ledger.proof", "worklist.remind", "nightly.administrators",
)  # fmt: skip
DESK = ("elders", "residents", "beds_usable", "destitute", "living_alone", "disabled", "worklist.late")


def connect() -> None:
    """Connect registers, measures, packs, duties, sealed columns."""
    registers.offer(*people_rosters.REGISTERS, *INSTITUTION_REGISTERS, *DEVICE_REGISTERS)
    measures.offer(*PEOPLE_MEASURES, *ASSESSMENT_MEASURES, *INSTITUTION_MEASURES, *DEVICE_MEASURES)
    measures.offer(worklist_measures.OPEN, worklist_measures.LATE, *INSPECTION_MEASURES, *VOLUNTEER_MEASURES)
    figures.choose(DESK, (*INSTITUTION_RATIOS, care_measures.VISIT_COVERAGE))
    for module in LISTS:
        exports.offer(*module.LISTINGS)
    rotation.offer(*SEALED)
    parts.offer(parts.dated("instruments", assessments.instrument_differences, assessments.load_instrument, order=60))
    parts.offer(parts.dated("checklists", inspections.checklist_differences, inspections.load_checklist, order=61))
    parts.offer(parts.dated("devices", devices.profile_differences, devices.load_profiles, order=62))
    parts.offer(parts.dated("plans", care_templates.template_differences, care_templates.load_templates, order=64))
    parts.offer(parts.dated("visits", care_visiting.visit_rule_differences, care_visiting.load_visit_rules, order=65))
    parts.offer(parts.dated("rules", supervision.rule_differences, supervision.load_rules, order=63))
    measures.offer(*ALERT_MEASURES, care_measures.CARE_PLANS, care_measures.HOME_BEDS, *care_measures.VISIT_MEASURES)
    phones.offer(*phone_feeds.FEEDS, *inspection_feeds.FEEDS, *saved_hours.FEEDS)
    phones.accept(*phone_commands.COMMANDS, *inspection_commands.COMMANDS)
    kinds.offer(*help_calls.KINDS)
    device_queries.offer_answers(alerts.answers_for)
    kinds.offer(*alert_duties.KINDS, *shift_duties.KINDS, *care_duties.PLAN_KINDS, *care_waiting.KINDS)
    kinds.offer(*_assessment_kinds(), *institution_duties.KINDS, *CITY_KINDS, *people_rosters.KINDS)
    kinds.offer(*administrators.KINDS, *inspection_duties.KINDS, *volunteer_duties.KINDS)
    subjects.offer("person", duty_labels)
    subjects.offer("transfer", people_duties.transfer_labels)
    for subject, labels in alert_duties.RESOLVERS.items():
        subjects.offer(subject, labels)
    subjects.offer("incident", shift_duties.incidents)
    resolvers = institution_duties.RESOLVERS | administrators.RESOLVERS | inspection_duties.RESOLVERS
    resolvers |= help_calls.RESOLVERS | care_duties.PLAN_RESOLVERS | care_waiting.RESOLVERS | volunteer_duties.RESOLVERS
    for subject, resolver in resolvers.items():
        subjects.offer(subject, resolver)
    ledger_names.call(books.TITLES)
    ledger_names.offer(*books.OWNERS)
    for page, holders in books.PAGES.items():
        ledger_names.show_on(page, holders)
    carrying.offer(*carried.REGISTERS)
    tokens.offer(SCOPES)
    describe(change_words.WORDS)
    looks.offer(*change_words.LOOKS)
    _hear()


def _hear() -> None:
    """Who listens to what."""
    listen("people.moved", "devices.moved", device_handlers.on_moved)
    listen("people.died", "institutions.death", institution_handlers.on_death)
    listen("worklist.raised", "worklist.tell", worklist_handlers.on_raised)
    listen("people.died", "people.checks", people_handlers.on_death)
    listen("spreadsheets.ended", "people.lists", people_handlers.on_import_ended)
    listen("institutions.admitted", "shifts.admitted", shift_handlers.on_admission)
    listen("institutions.discharged", "shifts.discharged", shift_handlers.on_discharge)
    listen("people.died", "care.plans_of_the_dead", care_handlers.on_death)
    listen("institutions.admitted", "care.beds_of_residents", care_handlers.on_admission)
    listen("people.hospital_stay_recorded", "care.beds_in_hospital", care_handlers.on_hospital)
    listen("assessments.level_changed", "care.plans_after_level", care_handlers.on_level_changed)
    listen("people.corrected", "care.consents", care_handlers.on_corrected)
    listen("people.died", "care.visits_of_the_dead", care_handlers.on_death_of_visited)
    listen("institutions.admitted", "care.visits_of_residents", care_handlers.on_admission_of_visited)
    listen("people.died", "care.pairings_of_the_dead", care_handlers.on_death_of_paired)
    listen("institutions.admitted", "care.pairings_of_residents", care_handlers.on_admission_of_paired)
    listen("people.moved", "care.pairings_moved", care_handlers.on_move_of_paired)
    listen("people.moved", "care.visits_moved", care_handlers.on_move_of_visited)
    listen("supervision.alert_resolved", "visits.after_alert", visits_after_alerts.on_resolved)
    listen("assessments.signed", "signs.assessed", signs_of_life.on_assessed)
    listen("institutions.admitted", "signs.admitted", signs_of_life.on_admitted)
    listen("institutions.came_back", "signs.came_back", signs_of_life.on_came_back)
    listen("people.died", "volunteers.death", volunteer_handlers.on_death)
    listen("people.death_reversed", "volunteers.death_reversed", volunteer_handlers.on_death_reversed)
    listen("care.visit_made", "volunteers.visits", volunteer_handlers.on_visit_made)
    listen("care.visit_taken_back", "volunteers.visits_back", volunteer_handlers.on_visit_taken_back)
    listen("people.corrected", "supervision.consents", warnings.on_consent)
    for change in warnings.CHANGES:
        listen(change, f"supervision.warnings.{change}", warnings.on_change)


def _assessment_kinds() -> list[kinds.Kind]:
    """An assessment to carry out is closed by signing it; the others by hand too."""
    words = assessment_duties.WORDS
    return [kinds.Kind(k, words[k], "clipboard-check", closes_by_hand=k != assessment_duties.ASSESS) for k in words]


def start_what_is_due() -> None:
    """Queue the nightly work whose time has come; the same work is queued once."""
    today, minute = civil_date(), int(now().timestamp()) // worklist_jobs.PERIOD_S
    start("worklist.escalate", {}, by=CLOCK, key=f"escalate {minute}")
    start(warning_jobs.WATCH_SILENCE, {}, by=CLOCK, key=f"silence {now():%Y-%m-%d %H}")
    shift_jobs.start_closing(by=CLOCK)
    start("supervision.ask", {}, by=CLOCK, key=f"alerts {minute}")
    start(care_jobs.DISCHARGES, {}, by=CLOCK, key=f"discharges {now():%Y-%m-%d %H}")
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
    """Clear ended sessions, and files and signs of life whose time has come."""
    SessionStore.clear_expired()
    sweep_pieces()
    return {"files": files.erase_expired(civil_date(), by=CLOCK), "signs": forget_signs_of_life(on=civil_date())}

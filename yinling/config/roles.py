"""Who does what, in words a policy officer can read. The only place where permissions meet roles.

Three separate administrators keep the machine (system), the rights (security) and the watch over both (audit);
none of them sees protected data. One person may hold several roles in several divisions, for a time.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_noop as _

from yinling.accounts.permissions import Accounts
from yinling.accounts.roles import Role, describe, offer
from yinling.assessments.permissions import Assessments
from yinling.care.permissions import Care
from yinling.config.permission_words import WORDS
from yinling.devices.permissions import Devices
from yinling.files.permissions import Files
from yinling.inspections.permissions import Inspections
from yinling.institutions.permissions import Institutions
from yinling.kernel.permissions import Kernel
from yinling.ledger.permissions import Ledger
from yinling.messages.permissions import Messages
from yinling.organisations.permissions import Organisations
from yinling.packs.permissions import Packs
from yinling.people.permissions import People
from yinling.places.permissions import Places
from yinling.reference.permissions import Reference
from yinling.rosters.permissions import Rosters
from yinling.shifts.permissions import Shifts
from yinling.supervision.permissions import Supervision
from yinling.sync.permissions import Sync
from yinling.volunteers.permissions import Volunteers
from yinling.worklist.permissions import Worklist

STAFF = {Reference.READ, Organisations.READ, Places.READ}
READ = STAFF | {People.SEARCH, People.READ, Assessments.READ, Institutions.READ, Devices.READ}
INSPECT = {Inspections.READ, Inspections.PLAN, Inspections.INSPECT, Inspections.NOTICE, Inspections.RECHECK}
OWN_HOME = {Inspections.READ, Inspections.SELF_CHECK, Inspections.RECTIFY}  # never planned visits, never risk grades
ALERTS = {Supervision.READ, Supervision.ANSWER}
WATCH_HOMES = {Shifts.READ, Shifts.WATCH}
BOOKS = {Ledger.READ, Ledger.READ_ALL, Ledger.POST}
TIME_BANK = {Volunteers.READ, Volunteers.REGISTER, Volunteers.ACT}
DUTIES = {Worklist.HANDLE, Worklist.SUPERVISE, Worklist.ASSIGN, *Rosters}
ORGANISATIONS = {Organisations.EDIT, Organisations.REVEAL, Organisations.EXPORT}
PLANS = {Care.READ, Care.PLAN, Care.APPLY_BED}
VISITS = {Care.READ, Care.ENTER, Care.SETTLE, Care.PAIR, Care.ROUNDS}
PEOPLE = {People.REGISTER, People.EDIT, People.REVEAL, People.IMPORT, People.EXPORT}

TOWNSHIP = READ | DUTIES | BOOKS | ORGANISATIONS | PEOPLE | INSPECT | PLANS | VISITS | {
    *TIME_BANK, Volunteers.ACCEPT,
    People.REGISTER_DEATH, Assessments.PLAN, Assessments.ENTER, Institutions.APPLY, Institutions.EDIT,
    Institutions.BEDS, Institutions.ADMIT, Devices.EDIT, Devices.CLAIM, Devices.LOOK,
    *ALERTS, Supervision.VERIFY, Supervision.RULES, *WATCH_HOMES, Shifts.CLOSE,
}  # fmt: skip
COUNTY = TOWNSHIP | {
    *Volunteers,
    People.MERGE, People.TRANSFER, Organisations.MERGE, Assessments.VOID, Assessments.EXPORT, Assessments.CERTIFY,
    Accounts.MOVE_WORKERS, Files.ERASE, Ledger.REVERSE, Ledger.LOCK, Ledger.EXPORT,
    *Institutions, *Devices, Inspections.DRAW, Inspections.SUPERVISE, Inspections.RISK, Inspections.EXPORT,
    *Supervision, Sync.PHONES, Care.APPROVE_BED, Care.EXPORT,
}  # fmt: skip
CITY = READ | DUTIES | BOOKS | ORGANISATIONS | INSPECT | WATCH_HOMES | {
    Inspections.DRAW, Inspections.SUPERVISE, Inspections.RISK, Inspections.EXPORT,
    Volunteers.READ, Volunteers.GRANT, Volunteers.EXPORT,
    People.EXPORT, People.REVEAL, People.TRANSFER, Organisations.MERGE, Assessments.EXPORT, Accounts.MOVE_WORKERS,
    Reference.VERIFY, Packs.READ, Ledger.REVERSE, Ledger.LOCK, Ledger.EXPORT, Ledger.PROVE, Institutions.REVIEW,
    Institutions.ADMIT, Institutions.EXPORT, Devices.EXPORT, People.INQUIRE,
    *Supervision, Care.READ, Care.EXPORT,
}  # fmt: skip
VISITOR = (
    READ
    | ALERTS
    | {Care.READ, Care.VISIT, Rosters.READ, People.REVEAL, Assessments.PLAN, Worklist.HANDLE, Devices.CLAIM}
)
ASSESSOR = READ | {Assessments.PLAN, Assessments.ENTER, Assessments.SIGN, Worklist.HANDLE}
HOTLINE = READ | ALERTS | {Rosters.READ, Rosters.SWAP} | {People.REVEAL, Organisations.REVEAL, Worklist.HANDLE}
AUDITOR = STAFF | {
    Rosters.READ, Institutions.READ, Ledger.READ, Ledger.READ_ALL, Ledger.EXPORT, Ledger.PROVE, Kernel.READ_CHANGES,
    Packs.READ, Worklist.HANDLE, Inspections.READ, Inspections.RISK, Devices.READ,
}  # fmt: skip
SYSTEM = STAFF | {
    Accounts.MANAGE_USERS, Kernel.READ_JOBS, Places.EDIT, Reference.VERIFY, Reference.EDIT, Packs.READ, Packs.LOAD,
    Messages.READ_DEAD, Worklist.HANDLE, Supervision.RULES, Sync.PHONES,
}  # fmt: skip
CARER = ALERTS | {
    Rosters.READ, Rosters.SWAP, Worklist.HANDLE, Institutions.READ, People.READ, Devices.READ, Shifts.READ, Shifts.WORK,
    Shifts.REPORT,
}  # fmt: skip
MANAGER = OWN_HOME | ALERTS | {  # of people, a manager sees residents only, through grants: so READ without SEARCH
    Ledger.READ, Ledger.POST, Ledger.EXPORT, *Rosters, Worklist.HANDLE, Worklist.ASSIGN, People.READ, Institutions.READ,
    Institutions.EDIT, Institutions.BEDS, Institutions.APPLY, Institutions.ADMIT, Institutions.BILL,
    Institutions.IMPORT, Devices.READ, Devices.EDIT, Devices.CLAIM, Devices.TOKENS, Devices.LOOK, Devices.IMPORT,
    Shifts.READ, Shifts.WORK, Shifts.PLAN, Shifts.ASSESS, Shifts.REPORT, Shifts.REVIEW,
}  # fmt: skip
PROGRAMME = STAFF | {  # leads one programme (plans per child): its persons, their consents and plans, nothing else
    People.SEARCH, People.READ, People.REVEAL, People.REGISTER, People.EDIT, Care.READ, Care.PLAN, Care.EXPORT,
    Organisations.EDIT, Institutions.READ, Worklist.HANDLE,
}  # fmt: skip
PARTNER = {Care.DELIVER, Worklist.HANDLE}  # its own parts of plans, through grants: no register, no person's page
SECURITY = {Accounts.ASSIGN_ROLES, Worklist.HANDLE}
AUDIT = {Accounts.READ_LOG, Kernel.READ_CHANGES, Worklist.HANDLE}


def _role(
    key: str, title: str, description: str, may: Iterable[str] = (), *, level: str, sees_people: bool = True
) -> Role:
    return Role(key, title, description, frozenset(str(one) for one in may), level, sees_people)


ROLES = [
    _role("city_officer", _("City officer"),
          _("Watches over the whole city: compares counties, opens every figure, hands cases from county to county."),
          CITY, level="city"),
    _role("county_clerk", _("County clerk"),
          _("Keeps the county's registers: imports rosters, settles doubts, approves, "
            "registers deaths, exports lists."),
          COUNTY, level="county"),
    _role("township_clerk", _("Township clerk"),
          _("Keeps the township's part of the registers and makes the first review."),
          TOWNSHIP, level="township"),
    _role("village_visitor", _("Village visitor"),
          _("Knows the elders of a village, visits them and writes down what changed."),
          VISITOR, level="village"),
    _role("volunteer", _("Volunteer"),
          _("Visits the elders paired with them and sees those alone, through the pairing."),
          {Care.VISIT, Worklist.HANDLE}, level="village", sees_people=False),
    _role("branch_coordinator", _("Branch coordinator"),
          _("Looks after a village branch of the time bank: enters members, finds volunteers, "
            "acts for those without telephones."),
          TIME_BANK | {Worklist.HANDLE}, level="village", sees_people=False),
    _role("institution_manager", _("Institution manager"),
          _("Runs a home: its rooms and beds, admissions, licences, staff and bills. Sees its own residents."),
          MANAGER, level="township", sees_people=False),
    _role("carer", _("Carer"),
          _("Cares for residents of a home during a shift. Sees those of the home."),
          CARER, level="township", sees_people=False),
    _role("assessor", _("Assessor"),
          _("Assesses the ability of elders on site, in pairs, and signs the report."),
          ASSESSOR, level="county"),
    _role("canteen_operator", _("Canteen operator"),
          _("Serves and delivers meals. Sees who has ordered, not who they are otherwise."),
          {Worklist.HANDLE}, level="township", sees_people=False),
    _role("hotline_agent", _("Hotline agent"),
          _("Answers 2312349, finds who is calling and dispatches help."),
          HOTLINE, level="city"),
    _role("doctor", _("Doctor"),
          _("Treats and refers the elders contracted to them, through that contract."),
          {Worklist.HANDLE}, level="county", sees_people=False),
    _role("auditor", _("Auditor"),
          _("Replays any figure, any draw and any decision; reads the record of changes; changes nothing."),
          AUDITOR, level="city", sees_people=False),
    _role("system_administrator", _("System administrator"),
          _("Keeps the machine running: users, jobs, settings, backups, divisions. Sees no protected data."),
          SYSTEM, level="city", sees_people=False),
    _role("security_administrator", _("Security administrator"),
          _("Gives and withdraws roles and settles alarms about misuse. Sees no protected data."),
          SECURITY, level="city", sees_people=False),
    _role("audit_administrator", _("Audit administrator"),
          _("Reads what users and the other two administrators did. Sees no protected data."),
          AUDIT, level="city", sees_people=False),
    _role("programme_officer", _("Programme officer"),
          _("Leads a programme of plans, such as a plan per child: writes, agrees and reviews them with partners."),
          PROGRAMME, level="county"),
    _role("care_partner", _("Partner of care plans"),
          _("Delivers a part of plans for a hospital, a school or a service: sees that part alone."),
          PARTNER, level="county", sees_people=False),
]  # fmt: skip


def fill() -> None:
    """Make the roles known to `accounts`, and what their permissions allow, in words."""
    offer(ROLES)
    describe(WORDS)

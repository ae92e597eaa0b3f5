"""The menu and the panels of every page, on one screen. Order here is order on the page."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.accounts.permissions import Accounts
from yinling.accounts.queries import identity_of
from yinling.assessments.permissions import Assessments
from yinling.care.permissions import Care
from yinling.care.services.visits import own_visitor
from yinling.city.marks import scale_words
from yinling.devices.permissions import Devices
from yinling.inspections.permissions import Inspections
from yinling.institutions.permissions import Institutions
from yinling.kernel.permissions import Kernel
from yinling.ledger.permissions import Ledger
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
from yinling.web.registry import MenuItem, Panel, registry

MENU = [
    MenuItem(_("Today's work"), "list-check", "desk:home", order=10, also=("worklist:",)),
    MenuItem(_("Messages"), "bell", "messages:inbox", order=15, also=("messages:",)),
    MenuItem(_("Who is on duty"), "clock", "rosters:rosters", Rosters.READ, 17, ("rosters:",)),
    MenuItem(_("Alerts"), "activity", "supervision:board", Supervision.READ, 18, ("supervision:",)),
    MenuItem(_("Wards and shifts"), "nurse", "shifts:wards", Shifts.READ, 19, ("shifts:",)),
    MenuItem(_("Elders"), "users", "people:list", People.SEARCH, 20, ("people:",)),
    MenuItem(_("Doubts"), "users-group", "people:doubts", People.EDIT, 30),
    MenuItem(_("Transfers"), "arrows-exchange", "people:transfers", People.TRANSFER, 40),
    MenuItem(_("Inquiries"), "eye", "people:inquiries", People.INQUIRE, 42),
    MenuItem(_("Assessments"), "clipboard-check", "assessments:list", Assessments.READ, 35, ("assessments:",)),
    MenuItem(
        _("Visits"),
        "walk",
        "care:visits",
        Care.READ,
        33,
        (
            "care:visit",
            "care:coverage",
            "care:doubt",
            "care:sheet",
            "care:enter",
        ),
    ),
    MenuItem(
        _("Visitors"),
        "users",
        "care:visitors",
        Care.READ,
        34,
        ("care:visitor", "care:proposal", "care:pair", "care:wish"),
    ),
    MenuItem(_("Rounds"), "route", "care:rounds", Care.ROUNDS, 34, ("care:round", "care:day_plan")),
    MenuItem(_("My visits"), "device-mobile", "visits_app:shell", Care.VISIT, 34, ("care:my_visits", "care:record")),
    MenuItem(
        _("Care plans"),
        "clipboard-check",
        "care:plans",
        Care.READ,
        36,
        (
            "care:plan",
            "care:goal",
            "care:line",
            "care:part",
            "care:bed",
        ),
    ),
    MenuItem(_("My sessions"), "calendar", "care:sessions", Care.DELIVER, 37, ("care:session",)),
    MenuItem(_("Homes and beds"), "building-community", "institutions:list", Institutions.READ, 45, ("institutions:",)),
    MenuItem(_("Inspections"), "shield-check", "inspections:list", Inspections.READ, 46, ("inspections:",)),
    MenuItem(_("Time bank"), "clock", "volunteers:branches", Volunteers.READ, 44, ("volunteers:",)),
    MenuItem(_("Devices"), "access-point", "devices:list", Devices.READ, 46, ("devices:",)),
    MenuItem(_("Books and accounts"), "coin", "ledger:accounts", Ledger.READ, 48, ("ledger:",)),
    MenuItem(_("Organisations"), "building", "organisations:organisations", Organisations.READ, 50),
    MenuItem(_("Import and export"), "file-spreadsheet", "spreadsheets:imports", People.IMPORT, 60, ("spreadsheets:",)),
    MenuItem(_("Shared by departments"), "share", "people:shared", People.IMPORT, 62),
    MenuItem(_("About these data"), "info-circle", "city:about", order=99),
    MenuItem(_("Divisions"), "map-pin", "places:divisions", Places.READ, 70, ("places:",)),
    MenuItem(_("Parameters"), "adjustments", "reference:parameters", Reference.VERIFY, 80, ("reference:",)),
    MenuItem(_("Packs"), "package", "packs:packs", Packs.READ, 85, ("packs:",)),
    MenuItem(_("Telephones"), "device-mobile", "sync:phones", Sync.PHONES, 87, ("sync:",)),
    MenuItem(_("What failed"), "alert-triangle", "desk:failures", Kernel.READ_JOBS, 88),
    MenuItem(_("Users"), "user", "accounts:users", Accounts.MANAGE_USERS, 90, ("accounts:",)),
    MenuItem(_("Users and roles"), "user", "accounts:users", Accounts.ASSIGN_ROLES, 91),
    MenuItem(_("Log of log-ins"), "history", "accounts:log_ins", Accounts.READ_LOG, 92),
    MenuItem(_("Log of looks"), "eye", "people:looks", Accounts.READ_LOG, 94),
    MenuItem(_("Workers who move"), "route", "accounts:moves", Accounts.MOVE_WORKERS, 93),
]

PANELS = [
    Panel("assessments", "person", _("Assessments of ability"), "assessments:panel", Assessments.READ, 5),
    Panel("facts", "person", _("Facts"), "people:panel_card", People.READ, 10),
    Panel("history", "person", _("One line of time"), "people:panel_history", People.READ, 90),
    Panel("looks", "person", _("Who looked at this file"), "people:panel_looks", People.READ, 20, "side"),
    Panel("consents", "person", _("Consents and wishes"), "people:panel_consents", People.READ, 50, "side"),
    Panel("kin", "person", _("Family and guardians"), "people:panel_kin", People.READ, 30, "side"),
    Panel("stays", "person", _("Stays in homes"), "institutions:person_panel", People.READ, 40, "side"),
    Panel("accounts", "person", _("Accounts"), "ledger:person_panel", Ledger.READ, 45, "side"),
    Panel("alerts", "person", _("Alerts"), "supervision:person_panel", Supervision.READ, 15, "side"),
    Panel("home-alerts", "institution", _("Alerts"), "supervision:institution_panel", Supervision.READ, 3, "side"),
    Panel("risks", "person", _("Safety risks"), "shifts:risks_panel", Shifts.READ, 35),
    Panel("beds", "institution", _("Beds, floor by floor"), "institutions:panel_beds", Institutions.READ, 10),
    Panel("residents", "institution", _("Residents"), "institutions:panel_residents", Institutions.READ, 20),
    Panel("staff", "institution", _("Staff"), "institutions:panel_staff", Institutions.READ, 30),
    Panel(
        "carers", "institution", _("Carers and residents"), "institutions:panel_carers", Institutions.READ, 15, "side"
    ),
    Panel("inspections", "institution", _("Inspections and hazards"), "inspections:panel", Inspections.READ, 5, "side"),
    Panel("on-file", "institution", _("On file"), "institutions:panel_facts", Institutions.READ, 10, "side"),
    Panel("licences", "institution", _("Licences"), "institutions:panel_licences", Institutions.READ, 20, "side"),
    Panel("occupancy", "institution", _("Occupancy"), "institutions:panel_occupancy", Institutions.READ, 30, "side"),
    Panel("rhythm", "person", _("Signs of life"), "warnings:rhythm", Supervision.ANSWER, 12),
    Panel("pairings", "person", _("Who visits"), "care:pairings_panel", Care.READ, 11, "side"),
    Panel("visits", "person", _("Visits"), "care:visits_panel", Care.READ, 12, "side"),
    Panel("plans", "person", _("Care plans"), "care:plans_panel", Care.READ, 37, "side"),
    Panel("home-bed", "person", _("Home bed"), "care:bed_panel", Care.READ, 38, "side"),
    Panel("devices", "person", _("Devices"), "devices:person_panel", Devices.READ, 42, "side"),
    Panel("home-devices", "institution", _("Devices"), "devices:institution_panel", Devices.READ, 35, "side"),
    Panel("readings", "person", _("Readings of the last 24 hours"), "devices:person_telemetry", Devices.READ, 14),
    Panel("telemetry", "device", _("Readings of the last 24 hours"), "devices:panel_telemetry", Devices.READ, 10),
    Panel("device-placements", "device", _("Where it stood"), "devices:panel_placements", Devices.READ, 20),
    Panel("device-maintenance", "device", _("Maintenance"), "devices:panel_maintenance", Devices.READ, 30),
    Panel("home-accounts", "institution", _("Accounts"), "ledger:institution_panel", Ledger.READ, 40, "side"),
]


def landing_of(user: User) -> str:
    """Visitors who see no register, such as volunteers, begin with their visits; everybody else at the desk."""
    is_clerk = any(assignment.grants(None) for assignment in user.held)
    return "" if is_clerk or own_visitor(user) is None else reverse("visits_app:shell")


def fill() -> None:
    """Fill the registries of `web`."""
    registry.clear()
    registry.put_menu(*MENU)
    registry.put_panels(*PANELS)
    registry.search_url_name, registry.search_permission = "people:list", People.SEARCH
    registry.home_url_name = "desk:home"
    registry.public_home_url_name = "portal:home"
    registry.sign_in_url_name = "account_login"
    registry.sign_out_url_name = "account_logout"
    registry.account_url_name = "accounts:own"
    registry.identify = identity_of
    registry.landing = landing_of
    registry.scale_words = scale_words if settings.DEMO else str

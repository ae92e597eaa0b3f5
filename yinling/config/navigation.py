"""The menu and the panels of every page, on one screen. Order here is order on the page."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yinling.accounts.permissions import Accounts
from yinling.accounts.queries import identity_of
from yinling.assessments.permissions import Assessments
from yinling.city.marks import scale_words
from yinling.institutions.permissions import Institutions
from yinling.organisations.permissions import Organisations
from yinling.packs.permissions import Packs
from yinling.people.permissions import People
from yinling.reference.permissions import Reference
from yinling.rosters.permissions import Rosters
from yinling.web.registry import MenuItem, Panel, registry

MENU = [
    MenuItem(_("Today's work"), "list-check", "desk:home", order=10, also=("worklist:",)),
    MenuItem(_("Messages"), "bell", "messages:inbox", order=15, also=("messages:",)),
    MenuItem(_("Who is on duty"), "clock", "rosters:rosters", Rosters.READ, 17, ("rosters:",)),
    MenuItem(_("Elders"), "users", "people:list", People.SEARCH, 20, ("people:",)),
    MenuItem(_("Doubts"), "users-group", "people:doubts", People.EDIT, 30),
    MenuItem(_("Transfers"), "arrows-exchange", "people:transfers", People.TRANSFER, 40),
    MenuItem(_("Assessments"), "clipboard-check", "assessments:list", Assessments.READ, 35, ("assessments:",)),
    MenuItem(_("Homes and beds"), "building-community", "institutions:list", Institutions.READ, 45, ("institutions:",)),
    MenuItem(_("Organisations"), "building", "organisations:organisations", Organisations.READ, 50),
    MenuItem(_("Import and export"), "file-spreadsheet", "spreadsheets:imports", People.IMPORT, 60, ("spreadsheets:",)),
    MenuItem(_("About these data"), "info-circle", "city:about", order=99),
    MenuItem(_("Parameters"), "adjustments", "reference:parameters", Reference.VERIFY, 80, ("reference:",)),
    MenuItem(_("Packs"), "package", "packs:packs", Packs.READ, 85, ("packs:",)),
    MenuItem(_("Users"), "user", "accounts:users", Accounts.MANAGE_USERS, 90, ("accounts:",)),
    MenuItem(_("Users and roles"), "user", "accounts:users", Accounts.ASSIGN_ROLES, 91),
    MenuItem(_("Log of log-ins"), "history", "accounts:log_ins", Accounts.READ_LOG, 92),
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
    Panel("beds", "institution", _("Beds, floor by floor"), "institutions:panel_beds", Institutions.READ, 10),
    Panel("residents", "institution", _("Residents"), "institutions:panel_residents", Institutions.READ, 20),
    Panel("staff", "institution", _("Staff"), "institutions:panel_staff", Institutions.READ, 30),
    Panel("on-file", "institution", _("On file"), "institutions:panel_facts", Institutions.READ, 10, "side"),
    Panel("licences", "institution", _("Licences"), "institutions:panel_licences", Institutions.READ, 20, "side"),
    Panel("occupancy", "institution", _("Occupancy"), "institutions:panel_occupancy", Institutions.READ, 30, "side"),
]


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
    registry.scale_words = scale_words if settings.DEMO else str

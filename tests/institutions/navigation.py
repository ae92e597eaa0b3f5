"""Menu line and panels of institutions, as config/navigation.py puts them up; for tests."""

from django.utils.translation import gettext_lazy as _

from yinling.institutions.permissions import Institutions
from yinling.people.permissions import People
from yinling.web.registry import MenuItem, Panel

MENU = (
    MenuItem(_("Institutions"), "building-community", "institutions:list", Institutions.READ, 50, ("institutions:",)),
)
PANELS = (
    Panel(
        "institution-beds", "institution", _("Beds, floor by floor"), "institutions:panel_beds", Institutions.READ, 10
    ),
    Panel(
        "institution-residents", "institution", _("Residents"), "institutions:panel_residents", Institutions.READ, 20
    ),
    Panel("institution-staff", "institution", _("Staff"), "institutions:panel_staff", Institutions.READ, 30),
    Panel(
        "institution-carers",
        "institution",
        _("Carers and residents"),
        "institutions:panel_carers",
        Institutions.READ,
        15,
        "side",
    ),
    Panel("institution-facts", "institution", _("On file"), "institutions:panel_facts", Institutions.READ, 10, "side"),
    Panel(
        "institution-licences",
        "institution",
        _("Licences"),
        "institutions:panel_licences",
        Institutions.READ,
        20,
        "side",
    ),
    Panel(
        "institution-occupancy",
        "institution",
        _("Occupancy"),
        "institutions:panel_occupancy",
        Institutions.READ,
        30,
        "side",
    ),
    Panel("stays", "person", _("Stays in homes"), "institutions:person_panel", People.READ, 40, "side"),
)

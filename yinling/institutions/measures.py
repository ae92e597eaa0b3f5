"""What others may count of institutions: beds and residents per place, on a day, as known at an instant."""

import datetime as dt
from collections import defaultdict

from django.utils.translation import gettext_noop as _

from yinling.institutions.models import Institution
from yinling.institutions.models.sites import HOMES as HOME_KINDS
from yinling.institutions.occupancy import by_institution
from yinling.institutions.ratios import by_institution as staffing_by_institution
from yinling.kernel.measures import Count, Measure, PerPlace, Ratio


def _counting(figure: str, *, only_public: bool = False) -> Count:
    """Counts one figure of `occupancy.Beds` per place. Three statements."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        homes = Institution.objects.all()
        if only_public:
            homes = homes.filter(kind__in=("city_centre", "county_centre", "regional_home"))
        places = dict(homes.values_list("pk", "place_key"))
        found: PerPlace = defaultdict(int)
        for home, beds in by_institution(day, known_at).items():
            if home in places:
                found[places[home]] += getattr(beds, figure)
        return dict(found)

    return count


def open_homes(day: dt.date, known_at: dt.datetime) -> PerPlace:
    """Homes open on a day per place."""
    found: PerPlace = defaultdict(int)
    homes = Institution.objects.open_on(day).filter(kind__in=HOME_KINDS)
    for place in homes.values_list("place_key", flat=True):
        found[place] += 1
    return dict(found)


def _carers(figure: str) -> Count:
    """Counts carers present, needed, or homes with too few of them, per place. Three statements."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        homes = Institution.objects.open_on(day).filter(kind__in=HOME_KINDS)
        places = dict(homes.values_list("pk", "place_key"))
        found: PerPlace = defaultdict(int)
        for home, staffing in staffing_by_institution(day, known_at, homes).items():
            found[places[home]] += int(staffing.missing > 0) if figure == "short" else getattr(staffing, figure)
        return dict(found)

    return count


URL = "institutions:occupancy"
BEDS_SET_UP = Measure("beds_set_up", _("Beds set up"), _("beds"), _counting("set_up"), URL, more_is_better=True)
BEDS_USABLE = Measure("beds_usable", _("Usable beds"), _("beds"), _counting("usable"), URL, more_is_better=True)
BEDS_OCCUPIED = Measure("beds_occupied", _("Occupied beds"), _("beds"), _counting("occupied"), URL)
NURSING_BEDS = Measure("nursing_beds", _("Nursing beds"), _("beds"), _counting("nursing"), URL, more_is_better=True)
RESIDENTS = Measure("residents", _("Residents of homes"), _("persons"), _counting("residents"), URL)
PUBLIC_SET_UP = Measure(
    "public_beds", _("Beds set up in public homes"), _("beds"), _counting("set_up", only_public=True), URL
)
PUBLIC_RESIDENTS = Measure(
    "public_residents", _("Residents of public homes"), _("persons"), _counting("residents", only_public=True), URL
)
HOMES = Measure("homes", _("Homes"), _("homes"), open_homes, "institutions:list")
CARERS_PRESENT = Measure("carers_present", _("Carers in homes"), _("persons"), _carers("present"), "institutions:list")
CARERS_NEEDED = Measure(
    "carers_needed", _("Carers needed by residents' levels"), _("persons"), _carers("needed"), "institutions:list"
)
HOMES_SHORT = Measure(
    "homes_short_of_carers", _("Homes with too few carers"), _("homes"), _carers("short"), "institutions:list",
    more_is_better=False,
)  # fmt: skip

MEASURES = (
    HOMES, BEDS_SET_UP, BEDS_USABLE, BEDS_OCCUPIED, NURSING_BEDS, RESIDENTS, PUBLIC_SET_UP, PUBLIC_RESIDENTS,
    CARERS_PRESENT, CARERS_NEEDED, HOMES_SHORT,
)  # fmt: skip
RATIOS = (
    Ratio("occupancy", _("Occupancy (occupied over usable beds)"), BEDS_OCCUPIED, BEDS_USABLE, URL),
    Ratio(
        "occupancy_public",
        _("Occupancy of public homes (residents over beds set up)"),
        PUBLIC_RESIDENTS,
        PUBLIC_SET_UP,
        URL,
    ),
    Ratio("nursing_share", _("Nursing beds over beds set up"), NURSING_BEDS, BEDS_SET_UP, URL),
)

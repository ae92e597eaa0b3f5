"""The dated parameters of care, each with what holds where no pack states it."""

import datetime as dt

from yinling.care.rules.beds import Criteria
from yinling.care.rules.doubting import Suspicion
from yinling.care.rules.rounds import Roads
from yinling.care.rules.visits import Limits
from yinling.engines.planning.pairing import problem as pairing
from yinling.reference.queries import fact_if_any, parameter_or


def sessions_ahead_days(on: dt.date | None = None) -> int:
    """Days ahead for which sessions of plans are planned."""
    return int(parameter_or("care.sessions_ahead_days", 28, on))


def session_early_days(on: dt.date | None = None) -> int:
    """Days by which a session may be held before or after its day."""
    return int(parameter_or("care.session_early_days", 6, on))


def review_warn_days(on: dt.date | None = None) -> int:
    """Days before a review from which it is asked for."""
    return int(parameter_or("care.review_warn_days", 14, on))


def home_bed_criteria(on: dt.date | None = None) -> Criteria:
    """Levels of ability that may have a home bed, and whether somebody has verified them."""
    found = fact_if_any("care.home_bed_levels", on)
    if found is None:
        return Criteria((2, 3, 4), verified=False)
    return Criteria(tuple(int(level) for level in found.value), found.verified)


def home_bed_services(on: dt.date | None = None) -> int:
    """Least services a month for a home bed."""
    return int(parameter_or("care.home_bed_services_a_month", 4, on))


def home_bed_response_minutes(on: dt.date | None = None) -> int:
    """Minutes in which a call from a home bed is answered."""
    return int(parameter_or("care.home_bed_response_minutes", 10, on))


def home_bed_warn_days(on: dt.date | None = None) -> int:
    """Days before the end of a month from which missing services are told."""
    return int(parameter_or("care.home_bed_warn_days", 10, on))


def visits_a_month(on: dt.date | None = None) -> int:
    """Visits a month of those whose tier is visited by the month."""
    return int(parameter_or("visit.per_month", 1, on))


def visit_limits(on: dt.date | None = None) -> Limits:
    """What a visit is measured by."""
    return Limits(
        int(parameter_or("visit.shortest_minutes", 3, on)), int(parameter_or("visit.check_in_metres", 300, on))
    )


def suspicion(on: dt.date | None = None) -> Suspicion:
    """From where on visits can hardly be true together."""
    crowd, minutes = parameter_or("visit.crowd", (10, 10), on)
    return Suspicion(
        fastest_kmh=float(parameter_or("visit.fastest_kmh", 90, on)), crowd=int(crowd), crowd_minutes=int(minutes),
        likeness_bits=int(parameter_or("visit.likeness_bits", 6, on)),
    )  # fmt: skip


def pairing_limits(on: dt.date | None = None) -> pairing.Limits:
    """How far a visitor goes on foot, and what one more helper could carry."""
    return pairing.Limits(
        most_m=int(parameter_or("care.pairing.most_metres", 4_000, on)),
        detour=int(parameter_or("care.pairing.detour_percent", 140, on)),
        helper_load=int(parameter_or("care.pairing.helper_load", 12, on)),
    )


def pairing_weights(on: dt.date | None = None) -> pairing.Weights:
    """Points of each part of what a pairing costs: distance, language, sex, skill, change, uneven, helper."""
    names = ("distance", "language", "sex", "skill", "change", "uneven", "helper")
    points = parameter_or("care.pairing.weights", (20, 40, 25, 15, 60, 10, 100), on)
    return pairing.Weights(**{name: int(value) for name, value in zip(names, points, strict=True)})


def pairing_reach(on: dt.date | None = None) -> dict[str, int]:
    """How much farther a visitor goes than on foot, in percent, by how she travels."""
    percent = parameter_or("care.pairing.reach_percent", (100, 300, 200, 400), on)
    return dict(zip(("foot", "motorbike", "bus", "car"), map(int, percent), strict=True))


def roads(on: dt.date | None = None) -> Roads:
    """How fast visitors go (km/h on foot, by motorbike, bus, car), and the detour of the roads."""
    speeds = parameter_or("care.rounds.speeds_kmh", (4, 25, 15, 30), on)
    modes = zip(("foot", "motorbike", "bus", "car"), map(float, speeds), strict=True)
    return Roads(dict(modes), int(parameter_or("care.rounds.detour_percent", 150, on)) / 100)


def round_hours(on: dt.date | None = None) -> tuple[int, int, int, int]:
    """A visitor's day where no roster says: start, end, from when a break is due, its length; minutes of the day."""
    start, end, rest, minutes = parameter_or("care.rounds.hours", (480, 1050, 690, 60), on)
    return int(start), int(end), int(rest), int(minutes)


def round_visit_minutes(on: dt.date | None = None) -> int:
    """How long a visit at the door is planned."""
    return int(parameter_or("care.rounds.visit_minutes", 30, on))


def round_liking(on: dt.date | None = None) -> int:
    """Minutes of road that a known face is worth."""
    return int(parameter_or("care.rounds.known_face_minutes", 20, on))


def round_tolerance(on: dt.date | None = None) -> int:
    """Minutes by which a promised time may move."""
    return int(parameter_or("care.rounds.tolerance_minutes", 15, on))


def round_skills(on: dt.date | None = None) -> dict[str, str]:
    """The skill that a service needs, by service."""
    return dict(parameter_or("care.rounds.skills", (("nursing_visit", "nursing"), ("bathing", "nursing")), on))


def round_moves(on: dt.date | None = None) -> int:
    """How many moves a block's plan is searched."""
    return int(parameter_or("care.rounds.moves", 2_000_000, on))

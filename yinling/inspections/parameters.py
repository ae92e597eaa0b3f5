"""The dated parameters of inspections, each with what holds where no pack states it."""

import datetime as dt

from yinling.inspections.rules.risk import Weights
from yinling.reference.queries import parameter_or


def signatures_stated(on: dt.date | None = None) -> int:
    """Inspectors who sign."""
    return int(parameter_or("inspection.signatures", 2, on))


def visits_a_year(on: dt.date | None = None) -> int:
    """Inspections on site that a home gets every year (民政部令66号 art. 38)."""
    return int(parameter_or("institution.inspections_per_year", 1, on))


def repeat_months(on: dt.date | None = None) -> int:
    """Within how many months the same clause counts as the same hazard come again."""
    return int(parameter_or("hazard.repeat_months", 12, on))


def recheck_working_days(on: dt.date | None = None) -> int:
    """Working days for a re-check after work was handed in."""
    return int(parameter_or("hazard.recheck_working_days", 5, on))


def weights(on: dt.date | None = None) -> Weights:
    """Points, limits and slips of the internal risk grade."""
    plain = Weights()
    points = (plain.major, plain.general, plain.overdue, plain.repeat)
    major, general, overdue, repeat = parameter_or("inspection.risk_points", points, on)
    return Weights(
        major=int(major), general=int(general), overdue=int(overdue), repeat=int(repeat),
        months=int(parameter_or("inspection.risk_months", plain.months, on)),
        limits=tuple(parameter_or("inspection.risk_limits", plain.limits, on)),
        slips=tuple(parameter_or("inspection.risk_slips", plain.slips, on)),
    )  # fmt: skip

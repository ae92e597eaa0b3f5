"""The dated parameters of inspections, each with what holds where no pack states it."""

import datetime as dt

from yinling.inspections.rules.risk import Weights
from yinling.reference.queries import MissingParameter, parameter


def signatures_stated(on: dt.date | None = None) -> int:
    """Inspectors who sign."""
    try:
        return int(parameter("inspection.signatures", on))
    except MissingParameter:
        return 2


def visits_a_year(on: dt.date | None = None) -> int:
    """Inspections on site that a home gets every year (民政部令66号 art. 38)."""
    try:
        return int(parameter("institution.inspections_per_year", on))
    except MissingParameter:
        return 1


def repeat_months(on: dt.date | None = None) -> int:
    """Within how many months the same clause counts as the same hazard come again."""
    try:
        return int(parameter("hazard.repeat_months", on))
    except MissingParameter:
        return 12


def recheck_working_days(on: dt.date | None = None) -> int:
    """Working days for a re-check after work was handed in."""
    try:
        return int(parameter("hazard.recheck_working_days", on))
    except MissingParameter:
        return 5


def weights(on: dt.date | None = None) -> Weights:
    """Points, limits and slips of the internal risk grade."""
    plain = Weights()
    try:
        major, general, overdue, repeat = parameter("inspection.risk_points", on)
        return Weights(
            major=int(major), general=int(general), overdue=int(overdue), repeat=int(repeat),
            months=int(parameter("inspection.risk_months", on)),
            limits=tuple(parameter("inspection.risk_limits", on)),
            slips=tuple(parameter("inspection.risk_slips", on)),
        )  # fmt: skip
    except MissingParameter:
        return plain

"""Invented points: no source gives coordinates of villages, and this is no map."""

from __future__ import annotations

import numpy as np

from yinling.city.draws import Draws, Floats, draws_for
from yinling.city.parameters import Parameters
from yinling.city.quotas import VillagePlan


def village_points(plan: VillagePlan, parameters: Parameters, *, seed: int) -> tuple[Floats, Floats]:
    """An invented point (lon, lat, WGS84 degrees) for each village: no source gives any, and this is no map."""
    county_lon = np.array([county.lon for county in parameters.counties])[plan.county]
    county_lat = np.array([county.lat for county in parameters.counties])[plan.county]
    town, village = draws_for(seed, "township", plan.township), draws_for(seed, "village", plan.codes)

    def scatter(draws: Draws, width: float) -> tuple[Floats, Floats]:
        angle, radius = draws.unit("angle") * 2 * np.pi, np.sqrt(draws.unit("radius")) * width
        return radius * np.cos(angle), radius * np.sin(angle)

    town_lon, town_lat = scatter(town, 0.22)
    lon, lat = scatter(village, 0.05)
    return county_lon + town_lon + lon, county_lat + town_lat + lat

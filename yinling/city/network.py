"""The network of the demonstration city: organisations, sites, projects, beds, staff, licences, and who stays where.

Everything but the stays is whole at every scale. Stays shrink with the scale: at scale s the homes hold s times the
residents, so the article's occupancy reads as occupied / (s x beds set up); at scale 1.0 the figures are exact on
2022-12-31 and 2024-12-31, over the beds set up by that day in the city centre, county centres and township homes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from yinling.city.bedding import bed_frame, project_frame
from yinling.city.parameters import Parameters
from yinling.city.quotas import plan_villages
from yinling.city.sites import HOME_KINDS, PUBLIC_KINDS, organisation_frame, site_frame
from yinling.city.staffing import licence_frame, operator_columns, staff_frame
from yinling.city.stays import stay_frame


@dataclass(frozen=True)
class Network:
    """Frames that refer to each other by whole numbers (org_no, site_no, bed_no ...), each counted from 1.

    organisations: see `sites.organisation_frame`.
    sites: site_no, kind (city_centre, county_centre, regional_home, home, day_centre, village_point), name,
      county_code, village_code, opened_on, lon, lat (WGS84 degrees, invented), mutual_aid_model (village points),
      org_no (legal person; null: the village's or the community's), and `staffing.operator_columns`.
    projects, beds: see `bedding`. staff, licences: see `staffing`. stays: see `stays.stay_frame`; person_no refers to
      `population.People.persons`.
    """

    organisations: pl.DataFrame
    sites: pl.DataFrame
    projects: pl.DataFrame
    beds: pl.DataFrame
    staff: pl.DataFrame
    licences: pl.DataFrame
    stays: pl.DataFrame


def build_network(
    divisions: pl.DataFrame, persons: pl.DataFrame, parameters: Parameters, *, seed: int, scale: float, today: date
) -> Network:
    """Build the network around the people of the whole city (`population.People.persons`, same seed and scale)."""
    plan = plan_villages(divisions, parameters, seed=seed, scale=scale)
    townships = divisions.filter(pl.col("level") == "township")
    names = {code[:9]: name for code, name in townships.select("code12", "name").iter_rows()}
    sites = site_frame(plan, names, parameters, seed=seed)
    operators = operator_columns(sites, parameters, seed=seed)
    sites = sites.join(operators, on="site_no", how="left", maintain_order="left")
    homes = sites.filter(pl.col("kind").is_in(HOME_KINDS))
    legal_form = (
        pl.when(pl.col("kind").is_in(PUBLIC_KINDS))
        .then(pl.lit("public_institution"))
        .when(pl.col("operator_model") == "private")
        .then(pl.lit("company"))
        .otherwise(pl.lit("non_profit"))
    )
    forms = homes.select("name", form=legal_form)
    organisations = organisation_frame(parameters, list(forms.iter_rows()))
    of_homes = organisations.filter(pl.col("kind") == "home")["org_no"]
    sites = sites.join(homes.select("site_no", org_no=of_homes), on="site_no", how="left", maintain_order="left")
    projects = project_frame(sites, parameters)
    beds = bed_frame(sites, projects, parameters)
    return Network(
        organisations=organisations,
        sites=sites,
        projects=projects,
        beds=beds,
        staff=staff_frame(sites, organisations, beds, parameters, seed=seed, today=today),
        licences=licence_frame(sites, parameters, seed=seed, today=today),
        stays=stay_frame(persons, sites, beds, parameters, seed=seed, scale=scale, today=today),
    )

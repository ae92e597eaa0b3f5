"""The generated network as organisations, institutions, beds, staff, licences and stays."""

from __future__ import annotations

from typing import Any

import polars as pl

from yinling.accounts.models import User
from yinling.city.arrivals import Setting
from yinling.city.network import Network
from yinling.city.uids import uid
from yinling.institutions.services import Loaded, bulk_load
from yinling.kernel.actors import Actor
from yinling.organisations.models import Organisation
from yinling.organisations.services import Details, give_role, register_organisation
from yinling.places.queries import city

# The legal person of a home is known by its institution and needs no role besides.
_ROLES = {"quality_operator": "operator", "charity_canteen": "canteen_charity", "assessor": "assessor"}


def load_network(
    network: Network, persons: pl.DataFrame, users: dict[str, User], setting: Setting, *, by: Actor
) -> Loaded:
    """Write the network. `persons`: person_no, id, level of everybody in the register.

    The demonstration's manager and carer (in `users`, by role) work in the centre of the county whose clerk has an
    account.
    """
    organisations = _load_organisations(network, setting, by)
    plaques = network.organisations.select("org_no", "combination", "has_canteen_plaque")
    sites = network.sites.join(plaques, left_on="operator_org_no", right_on="org_no", how="left", maintain_order="left")
    counties = network.sites.select("site_no", "county_code", fee_fen="fee_low_fen")
    levels = persons.select("person_no", "level")
    stays = network.stays.join(counties, on="site_no", maintain_order="left")
    return bulk_load(
        by=by,
        sites=sites.iter_rows(named=True),
        beds=network.beds.iter_rows(named=True),
        stays=stays.join(levels, on="person_no", maintain_order="left").iter_rows(named=True),
        staff=_with_users(network, users),
        licences=network.licences.iter_rows(named=True),
        organisation_ids={number: made.pk for number, made in organisations.items()},
        person_ids=dict(persons.select("person_no", "id").iter_rows()),
    )


def _with_users(network: Network, users: dict[str, User]) -> list[dict[str, Any]]:
    """The staff, with the accounts of those who have one."""
    county = str(users["county_clerk"].place_key)
    centre = network.sites.filter((pl.col("kind") == "county_centre") & (pl.col("county_code") == county))
    home = centre["site_no"].item(0)
    posts = {"manager": users.get("institution_manager"), "carer": users.get("carer")}
    rows = []
    for row in network.staff.iter_rows(named=True):
        user = posts.pop(row["role"], None) if row["site_no"] == home else None
        rows.append({**row, "user_id": user.pk, "name": user.name} if user else row)
    return rows


def _load_organisations(network: Network, setting: Setting, by: Actor) -> dict[int, Organisation]:
    """Legal persons by `org_no`, one by one: there are some 160 at any scale."""
    homes = network.sites.filter(pl.col("org_no").is_not_null())
    places = dict(homes.select("org_no", "village_code").iter_rows())
    found = {}
    for row in network.organisations.iter_rows(named=True):
        found[row["org_no"]] = _organisation(row, int(places.get(row["org_no"], city().key)), setting, by)
    return found


def _organisation(row: dict[str, Any], place: int, setting: Setting, by: Actor) -> Organisation:
    details = Details(
        name=row["name"], uscc=row["uscc"], legal_form=row["legal_form"], registrar="演示登记机关",
        founded_on=setting.opened,
    )  # fmt: skip
    number = uid(setting.seed, "organisation", row["org_no"], setting.opened)
    made = register_organisation(place_key=place, details=details, uid=number, valid_from=setting.opened, by=by)
    if role := _ROLES.get(row["kind"]):
        give_role(uid=made.uid, role=role, valid_from=setting.opened, by=by)
    return made

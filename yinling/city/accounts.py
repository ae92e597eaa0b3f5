"""Demonstration accounts: one for each role, a second assessor, because a report needs two signatures, and two
helpers whose roles end soon, so that the security administrator has somebody to think about.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle

from yinling.accounts.models import User
from yinling.accounts.roles import Role, all_roles
from yinling.accounts.services import assign_role, create_user, demo_password
from yinling.city.parameters import Parameters
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.places.models import Level
from yinling.places.queries import city, tree

# Invented; no surname of a county's leadership was looked at.
_NAMES = (
    "田若兰", "舒志明", "向春生", "贺晓燕", "张立新", "武秀云", "夏建平", "邓美英", "戴永红", "谢文斌", "黄爱国",
    "周玉梅", "龙海清", "蒲先林", "粟正华", "滕友才", "吴晓丽", "杨昌盛",
)  # fmt: skip
_SECOND_ASSESSOR = "demo.assessor_two"
_HELPERS = (("village_visitor", 9), ("volunteer", 12))  # role, and in how many days it ends


def home_of(level: str, parameters: Parameters) -> int:
    """Where a demonstration account of a level works: the most populous county, its seat, the seat's first village."""
    places = tree()
    if level == Level.CITY:
        return city().key
    county = int(max(parameters.counties, key=lambda unit: unit.population).code) * 10**6
    if level == Level.COUNTY:
        return county
    township = places.children(county)[0].key
    return township if level == Level.TOWNSHIP else places.children(township)[0].key


def make_accounts(parameters: Parameters, *, since: date, by: Actor) -> dict[str, User]:
    """Create the accounts of every role and give each its role. Returns them by user name without `demo.`."""
    names, users = cycle(_NAMES), {}
    for role in all_roles():
        users[role.key] = _account(f"demo.{role.key}", next(names), role, parameters, since, by)
    if assessor := next((role for role in all_roles() if role.key == "assessor"), None):
        users["assessor_two"] = _account(_SECOND_ASSESSOR, next(names), assessor, parameters, since, by)
    roles = {role.key: role for role in all_roles()}
    for key, days in _HELPERS:
        if key in roles:
            until = civil_date() + timedelta(days=days)
            users[f"{key}_two"] = _account(f"demo.{key}_two", next(names), roles[key], parameters, since, by, until)
    return users


def _account(
    username: str, name: str, role: Role, parameters: Parameters, since: date, by: Actor, until: date | None = None
) -> User:
    place = home_of(role.level, parameters)
    user = create_user(username=username, name=name, place_key=place, password=demo_password(), by=by)
    assign_role(user_uid=user.uid, role=role.key, place_key=place, valid_from=since, valid_to=until, by=by)
    return user

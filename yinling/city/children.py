"""The plan per child of Zhuzhou: 40 invented children, one hospital, three schools, 2,600 sessions, led by the disabled
persons' federation and the education bureau. Their number is the article's; names, goals and values are invented.

The programme comes from `packs/zhuzhou-children`, which brings divisions of its own: nobody in Huaihua sees it.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from yinling.accounts.models import User
from yinling.accounts.services import assign_role, create_user, demo_password
from yinling.care.models import Session
from yinling.care.queries.plans import template
from yinling.care.services.loading import load_plans
from yinling.city.plans import DAY, Delivering, Past, a_partner, add_plan
from yinling.kernel.actors import Actor
from yinling.organisations.models import Organisation
from yinling.packs.services import load_pack
from yinling.people.models import Consent, Guardian, Person
from yinling.people.rules import Entry
from yinling.people.services import Given, add_guardian, add_kin, load_consents, register_person

PACK, TEMPLATE, PURPOSE = "zhuzhou-children", "child_rehab_and_education", "child_plan"
CHILDREN, SESSIONS = 40, 2_600
_CITY, _DISTRICTS = 430200000000, (430202901001, 430203901001, 430211901001, 430211901002)
_HOSPITAL, _SCHOOLS = "株洲示例康复医院", ("天元示例特殊教育学校", "荷塘示例小学", "芦淞示例小学")
_LEADERS = ("株洲市残疾人联合会（示例）", "株洲市教育局（示例）")
_ACCOUNTS = (  # user name, name, role
    ("demo.zhuzhou_federation", "陈立群", "programme_officer"),
    ("demo.zhuzhou_education", "刘思远", "programme_officer"),
    ("demo.zhuzhou_hospital", "何静", "care_partner"), ("demo.zhuzhou_school", "谭晓雯", "care_partner"),
)  # fmt: skip
_SURNAMES, _GIVEN = "陈刘谭何罗易贺袁彭文", "浩然子涵雨欣梓晨诗琪宇轩思源一诺可欣俊杰"


def load_children(*, seed: int, today: date, by: Actor) -> tuple[int, int]:
    """Load the programme's pack, its people and its plans. Returns (children, sessions)."""
    folder = Path(settings.PACKS_DIR) / PACK
    if not folder.is_dir():
        return 0, 0
    load_pack(folder, by=by)
    dice, since = random.Random(f"{seed} children"), today - timedelta(days=400)
    users = {username: _account(username, name, role, since, by) for username, name, role in _ACCOUNTS}
    lead, _education = [a_partner(name, _CITY, (), since, by).organisation for name in _LEADERS]
    hospital = a_partner(_HOSPITAL, _CITY, (("何静", users["demo.zhuzhou_hospital"]), ("罗敏", None)), since, by)
    teacher = ("谭晓雯", users["demo.zhuzhou_school"])
    schools = [
        a_partner(name, _CITY, (teacher if not at else (f"文老师{at}", None),), since, by)
        for at, name in enumerate(_SCHOOLS)
    ]
    children = [_child(number, dice, today, by) for number in range(CHILDREN)]
    past = _plans(children, dice, today, hospital, schools, lead, by)
    return len(children), load_plans(past=past.rows(), by=by)


def _account(username: str, name: str, role: str, since: date, by: Actor) -> User:
    user = create_user(username=username, name=name, place_key=_CITY, password=demo_password(), by=by)
    assign_role(user_uid=user.uid, role=role, place_key=_CITY, valid_from=since, by=by)
    return user


def _child(number: int, dice: random.Random, today: date, by: Actor) -> tuple[Person, Guardian]:
    """A child with a parent who may act for them."""
    surname, given = dice.choice(_SURNAMES), "".join(dice.sample(_GIVEN, 2))
    born = today - timedelta(days=dice.randint(4 * 366, 12 * 365))
    entry = Entry(
        name=surname + given, place_key=_DISTRICTS[number % len(_DISTRICTS)], sex=dice.choice("12"), birth_date=born
    )
    person = register_person(entry=entry, by=by, is_new_for_sure=True)
    kin = add_kin(
        uid=person.uid, name=surname + dice.choice("建志红丽") + dice.choice("平华英军"), relation="51", by=by
    )
    guardian = add_guardian(
        uid=person.uid, kin_uid=kin.uid, kind="parent_or_child", proof="household_register", scope="全部",
        valid_from=born, by=by,
    )  # fmt: skip
    return person, guardian


def _plans(
    children: list[tuple[Person, Guardian]], dice: random.Random, today: date, hospital: Delivering,
    schools: list[Delivering], lead: Organisation, by: Actor,
) -> Past:  # fmt: skip
    """Their plans since half a year, the guardian's separate consent first; 2,600 sessions, the last ones left out."""
    begun = {person.pk: today - timedelta(days=160 - 7 * (number % 5)) for number, (person, _) in enumerate(children)}
    rows = [
        Given(person.pk, PURPOSE, begun[person.pk], "医院、学校", given_by=guardian.kin.name, guardian_id=guardian.pk)
        for person, guardian in children
    ]
    load_consents(rows=rows)
    consents = {one.person_id: one for one in Consent.objects.filter(person__in=begun, purpose=PURPOSE)}
    past, row = Past(dice, today, today + 60 * DAY, by), template(TEMPLATE)
    for number, (person, guardian) in enumerate(children):
        partners = {"rehabilitation": hospital, "education": schools[number % len(schools)]}
        add_plan(past, person, row, consents[person.pk], begun[person.pk], partners, lead, agreed_by=guardian.kin.name)
    past.sessions = _soonest(past.sessions)
    return past


def _soonest(sessions: list[Session]) -> list[Session]:
    """As many as the article tells of; what lies furthest ahead is planned by the night."""
    return sorted(sessions, key=lambda one: one.planned_on)[:SESSIONS]

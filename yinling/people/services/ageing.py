"""Great ages: whoever reaches one is in its category from the birthday on, with the birth date as its source."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from yinling.kernel.actors import Actor
from yinling.people import parameters, rules
from yinling.people.models import Category, Person
from yinling.people.services.categories import join_category

OVER_80, CENTENARIAN = "over_80", "centenarian"  # codes of person_category, in the order of `people.special_ages`
SOURCE = "birth date"


def enter_ages(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """Put the living who have reached a great age into its category; one batch of persons beyond id `after`.

    Only birth dates that are exact and certain: about the others a person decides. Whoever was in the category once is
    left alone, because somebody has decided already. Returns (entered, last id looked at, None when there is no more).
    """
    ages = dict(zip((OVER_80, CENTENARIAN), parameters.special_ages(on), strict=True))
    due = Q(pk__in=[])
    for category, age in ages.items():
        held = Category.objects.filter(person=OuterRef("pk"), category=category)
        due |= Q(~Exists(held), birth_date__lte=rules.months_after(on, -12 * age))
    certain = (
        Person.objects.current().living().filter(birth_precision="day", birth_is_lunar=False, birth_is_uncertain=False)
    )
    batch = list(certain.filter(due, pk__gt=after).order_by("pk")[:size])
    count = sum(_enter(person, ages, on, by) for person in batch)
    return count, batch[-1].pk if len(batch) == size else None


def _enter(person: Person, ages: dict[str, int], on: dt.date, by: Actor) -> int:
    assert person.birth_date is not None
    known = set(Category.objects.filter(person=person, category__in=ages).values_list("category", flat=True))
    reached = {
        category: birthday
        for category, age in ages.items()
        if (birthday := rules.months_after(person.birth_date, 12 * age)) <= on and category not in known
    }
    for category, birthday in reached.items():
        join_category(uid=person.uid, category=category, source=SOURCE, on=birthday, by=by)
    return len(reached)

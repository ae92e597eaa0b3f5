"""A noisy rule is a duty of its owner, once, until it is changed or right again."""

import pytest

from tests.supervision.builders import BY, an_alert
from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.supervision import services
from yinling.supervision.duties import NOISY_RULE, rule_labels
from yinling.supervision.models import Rule
from yinling.supervision.rules import NOISY_FROM
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db


def verified(count: int, is_false: bool, watcher: User, colleague: User) -> None:
    for _ in range(count):
        alert = an_alert("stove", 2)
        services.arrive(uid=alert.uid, by=watcher)
        if is_false:
            services.mark_false_alarm(uid=alert.uid, cause="cooking", by=watcher)
        else:
            services.resolve_alert(uid=alert.uid, note="灶已关，老人无碍。", by=watcher)
        services.verify_alert(uid=alert.uid, is_right=True, by=colleague)


def duties() -> list[WorkItem]:
    return list(WorkItem.objects.open().filter(kind=NOISY_RULE))


def test_a_rule_that_is_mostly_wrong_is_named_to_its_owner_once(watcher: User, colleague: User) -> None:
    verified(NOISY_FROM, True, watcher, colleague)
    assert services.name_noisy_rules(by=BY) == 1 and services.name_noisy_rules(by=BY) == 1
    (duty,) = duties()
    assert duty.role == "city_officer"
    assert rule_labels([duty.subject_uid], watcher)[duty.subject_uid][2].endswith("/rules/stove/")


def test_too_few_verified_alerts_say_nothing(watcher: User, colleague: User) -> None:
    verified(NOISY_FROM - 1, True, watcher, colleague)
    assert services.name_noisy_rules(by=BY) == 0 and not duties()


def test_a_rule_that_is_right_again_ends_the_duty(watcher: User, colleague: User) -> None:
    verified(NOISY_FROM, True, watcher, colleague)
    services.name_noisy_rules(by=BY)
    verified(NOISY_FROM, False, watcher, colleague)
    assert services.name_noisy_rules(by=BY) == 0 and not duties()


def test_a_rule_in_another_version_begins_anew(watcher: User, colleague: User) -> None:
    verified(NOISY_FROM, True, watcher, colleague)
    services.name_noisy_rules(by=BY)
    Rule.objects.filter(key="stove").update(superseded_at=now())
    assert services.name_noisy_rules(by=BY) == 0 and not duties()

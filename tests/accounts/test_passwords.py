"""Passwords: changed by their owner, replaced by an administrator, shown in a demonstration."""

from pathlib import Path
from typing import Any

import pytest

from yinling.accounts import proofs, services
from yinling.accounts.models import Session, User
from yinling.kernel.errors import NotAllowed, Refused

from .builders import PASSWORD, XUPU, again, logged_in, someone, written

pytestmark = pytest.mark.django_db


def test_changing_the_own_password_logs_every_device_out(clerk: User) -> None:
    client = logged_in(clerk)
    proofs.set_password(user=clerk, password="Fir-tree 88", by=clerk)
    assert not Session.objects.filter(user=clerk).exists()
    assert client.get("/work/accounts/me/").status_code == 302
    assert again(clerk).check_password("Fir-tree 88")
    assert not again(clerk).must_change_password


def test_the_same_password_again_is_refused_and_nothing_is_written(clerk: User) -> None:
    before = written()
    with pytest.raises(Refused, match="password you have"):
        proofs.set_password(user=clerk, password=PASSWORD, by=clerk)
    assert written() == before


def test_a_weak_new_password_is_refused_and_the_old_one_stays(clerk: User) -> None:
    with pytest.raises(Refused, match="at least 8"):
        proofs.set_password(user=clerk, password="Ab3!", by=clerk)
    assert again(clerk).check_password(PASSWORD)


def test_a_clerk_sets_nobody_s_password(clerk: User, other_clerk: User) -> None:
    with pytest.raises(NotAllowed):
        proofs.set_password(user=other_clerk, password="Fir-tree 88", by=clerk)
    assert again(other_clerk).check_password(PASSWORD)


def test_a_temporary_password_must_be_changed(clerk: User, system_administrator: User) -> None:
    user, password = proofs.give_temporary_password(user_uid=clerk.uid, by=system_administrator)
    assert again(user).check_password(password)
    assert again(user).must_change_password


def test_an_administrator_gives_themselves_no_temporary_password(system_administrator: User) -> None:
    with pytest.raises(Refused, match="own page"):
        proofs.give_temporary_password(user_uid=system_administrator.uid, by=system_administrator)


def test_the_password_of_a_demonstration_account_stays(city: object) -> None:
    demo = someone("demo.clerk", XUPU, "county_clerk")
    with pytest.raises(Refused, match="demonstration"):
        proofs.set_password(user=demo, password="Fir-tree 88", by=demo)
    assert again(demo).check_password(PASSWORD)


def test_the_demonstration_s_password_is_made_once_and_is_strong(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    first = services.demo_password()
    assert services.demo_password() == first
    assert proofs.hashed(first, username="demo.clerk", name="某")

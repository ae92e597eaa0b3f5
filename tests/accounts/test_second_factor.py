"""The second factor: switched on, demanded, guessed at, lost."""

import datetime as dt
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.test import Client

from yinling.accounts.models import LogIn, User
from yinling.kernel.clock import now

from .builders import PASSWORD, XUPU, is_in, log_in, logged_in, someone

pytestmark = pytest.mark.django_db
OWN = "/work/accounts/me/"


def code_for(user: User, steps: int = 0) -> str:
    """What the user's phone shows, `steps` half-minutes from now."""
    secret = Authenticator.objects.get(user=user, type="totp").wrap()
    key = key_in(secret)
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps)))


def key_in(totp: Any) -> str:
    return str(decrypt(totp.instance.data["secret"]))


def switch_totp_on(client: Client, user: User) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    key = page.context["form"].secret
    code = format_hotp_value(hotp_value(key, int(time.time()) // 30))
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def with_phone(clerk: User) -> User:
    """The clerk, with the second factor on."""
    cache.clear()
    client = Client()
    log_in(client)
    switch_totp_on(client, clerk)
    cache.clear()
    LogIn.objects.all().delete()
    return clerk


def test_with_the_second_factor_the_password_alone_opens_nothing(with_phone: User) -> None:
    client = Client()
    assert log_in(client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code_for(with_phone)}).status_code == 302
    assert is_in(client)
    assert list(LogIn.objects.values_list("way", "succeeded")) == [("totp", True)]


def test_the_secret_is_sealed_in_the_table(with_phone: User) -> None:
    stored = Authenticator.objects.get(user=with_phone, type="totp")
    assert key_in(stored.wrap()) not in str(stored.data)


def test_five_wrong_codes_lock_even_the_right_one(with_phone: User) -> None:
    client = Client()
    log_in(client)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_for(with_phone)})
    assert "验证码错得太多" in answer.content.decode()
    assert not is_in(client)
    LogIn.objects.filter(succeeded=False).update(at=now() - dt.timedelta(minutes=16))
    client.post("/accounts/2fa/authenticate/", {"code": code_for(with_phone)})
    assert is_in(client)


def test_a_recovery_code_opens_once(with_phone: User) -> None:
    code = Authenticator.objects.get(user=with_phone, type="recovery_codes").wrap().get_unused_codes()[0]
    opened = []
    for _ in range(2):
        client = Client()
        log_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        opened.append(is_in(client))
    assert opened == [True, False]


def test_where_the_city_demands_it_staff_switch_it_on_before_work(clerk: User, settings: Any) -> None:
    settings.TOTP = "required"
    cache.clear()
    client = Client()
    log_in(client)
    assert client.get(OWN)["Location"] == "/accounts/2fa/totp/activate/"
    switch_totp_on(client, clerk)
    assert is_in(client)
    page = client.post("/accounts/2fa/totp/deactivate/")
    assert page.status_code == 200
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()


def test_volunteers_need_no_second_factor(city: object, settings: Any) -> None:
    settings.TOTP = "required"
    assert is_in(logged_in(someone("helper", XUPU, "volunteer")))


def test_in_the_demonstration_it_may_be_switched_off_again(with_phone: User) -> None:
    client = Client()
    log_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_for(with_phone)})
    cache.clear()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=with_phone).exists()


@pytest.mark.parametrize(
    "page", ["", "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]
)
def test_pages_of_the_second_factor_ask_for_the_password_again(with_phone: User, page: str) -> None:
    client = logged_in(with_phone)
    first = client.get(f"/accounts/2fa/{page}")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    second = client.get(f"/accounts/2fa/{page}", follow=True)
    assert first.status_code in (200, 302)
    assert second.status_code == 200

"""Pages under /work/accounts/: who sees them, what they show, with how many statements."""

from typing import Any

import pytest
from django.test import Client

from yinling.accounts import queries
from yinling.accounts.models import Assignment, LogIn, User

from .builders import CITY, HECHENG, LUFENG, PASSWORD, TODAY, XUPU, again, days, logged_in, someone, written

pytestmark = pytest.mark.django_db
BASE = "/work/accounts/"
MOST_STATEMENTS = 8


@pytest.mark.parametrize("page", ["", "roles/", "log-ins/", "moves/", "me/", "loans/", "users/new/"])
def test_every_page_asks_who_you_are(page: str) -> None:
    answer = Client().get(BASE + page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("page", "who", "status"),
    [
        ("", "system_administrator", 200),
        ("", "security_administrator", 200),
        ("", "audit_administrator", 200),
        ("", "clerk", 200),
        ("users/new/", "system_administrator", 200),
        ("users/new/", "security_administrator", 403),
        ("users/new/", "clerk", 403),
        ("log-ins/", "audit_administrator", 200),
        ("log-ins/", "system_administrator", 403),
        ("log-ins/", "clerk", 403),
        ("moves/", "clerk", 200),
        ("moves/", "audit_administrator", 403),
        ("roles/", "clerk", 200),
        ("loans/", "clerk", 200),
        ("me/", "audit_administrator", 200),
    ],
)
def test_pages_open_for_those_they_are_for(page: str, who: str, status: int, request: pytest.FixtureRequest) -> None:
    assert logged_in(request.getfixturevalue(who)).get(BASE + page).status_code == status


def test_a_visitor_sees_no_list_of_users(city: object) -> None:
    assert logged_in(someone("visitor", LUFENG, "village_visitor")).get(BASE).status_code == 403


def test_another_county_s_user_reads_as_not_found(clerk: User, other_clerk: User) -> None:
    client = logged_in(clerk)
    page = client.get(BASE).content.decode()
    assert clerk.name in page and other_clerk.name not in page
    for path in ("", "assign/", "send/"):
        send = client.get if not path else client.post
        assert send(f"{BASE}users/{other_clerk.uid}/{path}").status_code == 404


def test_users_are_found_by_name_user_name_role_and_division(
    security_administrator: User, clerk: User, other_clerk: User
) -> None:
    client = logged_in(security_administrator)

    def found(query: str) -> set[str]:
        return {row["user"].username for row in client.get(f"{BASE}?{query}").context["rows"]}

    assert found("q=other") == {"other.clerk"}
    assert found("q=名cl") == {"clerk"}
    assert found("role=county_clerk") == {"clerk", "other.clerk"}
    assert found("role=county_clerk&division=溆浦县") == {"clerk"}
    assert found("q=nobody") == set()


def test_the_list_turns_pages_without_losing_or_doubling_anybody(system_administrator: User) -> None:
    for number in range(60):
        someone(f"user{number:02}", XUPU)
    client, seen, address = logged_in(system_administrator), [], BASE
    while address:
        page = client.get(address)
        seen += [row["user"].username for row in page.context["rows"]]
        address = f"{BASE}?after={page.context['page'].next}" if page.context["page"].next else ""
    assert len(seen) == len(set(seen)) == 61


@pytest.mark.parametrize("page", ["", "log-ins/", "me/", "loans/", "moves/", "roles/"])
def test_statements_do_not_grow_with_rows(page: str, city: object, django_assert_max_num_queries: Any) -> None:
    user = someone("many", CITY, "city_of_everything")
    role = "audit_administrator" if page == "log-ins/" else "county_clerk"
    Assignment.objects.filter(user=user).update(role=role)
    client = logged_in(user)
    client.get(BASE + page)
    counts = []
    for batch in range(2):
        for number in range(8):
            other = someone(f"u{batch}{number}", XUPU, "assessor")
            LogIn.objects.create(user=user, username="many", place_key=CITY, way="password", succeeded=True)
            client_of(other)
        with django_assert_max_num_queries(MOST_STATEMENTS) as captured:
            assert client.get(BASE + page).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def client_of(user: User) -> Client:
    """One more session, so that lists of sessions grow too."""
    return logged_in(user)


def test_the_page_of_one_user_has_a_constant_number_of_statements(
    security_administrator: User, clerk: User, django_assert_max_num_queries: Any
) -> None:
    client = logged_in(security_administrator)
    client.get(f"{BASE}users/{clerk.uid}/")
    counts = []
    for batch in range(2):
        for number in range(5 * batch, 5 * batch + 5):
            Assignment.objects.create(
                user=clerk,
                role="assessor",
                place_id=LUFENG,
                valid_from=TODAY - days(9),
                valid_to=TODAY + days(number + 1),
            )
        with django_assert_max_num_queries(MOST_STATEMENTS) as captured:
            client.get(f"{BASE}users/{clerk.uid}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_account_is_opened_and_its_password_shown_once(system_administrator: User) -> None:
    client = logged_in(system_administrator)
    page = client.post(BASE + "users/new/", {"name": "舒禾", "username": "shuhe", "division": "溆浦县 卢峰镇"})
    user, password = User.objects.get(username="shuhe"), page.context["password"]
    assert (user.place_key, user.check_password(password)) == (LUFENG, True)
    assert password in page.content.decode()
    assert password not in client.get(f"{BASE}users/{user.uid}/").content.decode()


@pytest.mark.parametrize("division", ["没有这地方", "社区", ""])
def test_a_division_that_cannot_be_told_is_refused_beside_the_field(system_administrator: User, division: str) -> None:
    before = written()
    form = {"name": "舒禾", "username": "shuhe", "division": division}
    page = logged_in(system_administrator).post(BASE + "users/new/", form)
    assert page.status_code == 422
    assert page.context["form"].errors["division"]
    assert written() == before


def test_a_role_is_given_and_ended_on_the_user_s_page(security_administrator: User) -> None:
    user, client = someone("worker", LUFENG), logged_in(security_administrator)
    page = f"{BASE}users/{user.uid}/"
    assert client.post(page + "assign/", {"role": "township_clerk", "division": "卢峰镇"})["Location"] == page
    assert [role.key for role in again(user).roles()] == ["township_clerk"]
    refused = client.post(page + "assign/", {"role": "audit_administrator", "division": "怀化市"})
    assert refused.status_code == 422
    assert "三员" in refused.content.decode()
    client.post(f"{BASE}assignments/{again(user).held[0].uid}/end/")
    assert again(user).roles() == []


def test_the_system_administrator_s_buttons_are_not_the_security_administrator_s(
    system_administrator: User, security_administrator: User, clerk: User
) -> None:
    page = f"{BASE}users/{clerk.uid}/"
    system = logged_in(system_administrator).get(page).content.decode()
    security = logged_in(security_administrator).get(page).content.decode()
    assert "/password/" in system and "/assign/" not in system
    assert "/assign/" in security and "/password/" not in security
    assert logged_in(security_administrator).post(page + "password/").status_code == 403
    assert again(clerk).check_password(PASSWORD)


def test_closing_and_opening_again_from_the_page(system_administrator: User, clerk: User) -> None:
    client, page = logged_in(system_administrator), f"{BASE}users/{clerk.uid}/close/"
    client.post(page)
    assert not again(clerk).is_active
    client.post(page, {"open": "1"})
    assert again(clerk).is_active


def test_the_audit_administrator_sees_every_log_in_and_a_county_s_only_its_own(
    audit_administrator: User, clerk: User, other_clerk: User
) -> None:
    for user in (clerk, other_clerk):
        LogIn.objects.create(
            user=user, username=user.username, place_key=user.place_key, way="password", succeeded=True
        )
    LogIn.objects.create(username="root", way="password", succeeded=False)
    county = someone("xupu.audit", XUPU, "audit_administrator")
    assert {a.username for a in queries.log_ins_seen_by(audit_administrator)} == {"clerk", "other.clerk", "root"}
    assert {a.username for a in queries.log_ins_seen_by(county)} == {"clerk"}
    page = logged_in(audit_administrator).get(BASE + "log-ins/?result=wrong")
    assert [row["one"].username for row in page.context["rows"]] == ["root"]


def test_my_log_ins_are_mine_alone(clerk: User, other_clerk: User) -> None:
    LogIn.objects.create(
        user=other_clerk, username="other.clerk", place_key=HECHENG, way="pin", succeeded=True, agent="别人的手机"
    )
    assert "别人的手机" not in logged_in(clerk).get(BASE + "me/").content.decode()


def test_a_role_is_lent_on_the_page_and_taken_back(clerk: User) -> None:
    deputy, client = someone("deputy", XUPU), logged_in(clerk)
    form = {"assignment": clerk.held[0].uid, "to": f"{deputy.name} · deputy", "valid_to": TODAY + days(5)}
    assert client.post(BASE + "loans/", form).status_code == 302
    loan = again(deputy).held[0]
    assert (loan.lent_by, loan.valid_to) == (clerk, TODAY + days(5))
    assert deputy.name in client.get(BASE + "loans/").content.decode()
    assert client.post(f"{BASE}assignments/{loan.uid}/end/")["Location"] == BASE + "loans/"
    assert again(deputy).roles() == []


def test_a_loan_to_a_stranger_is_refused_beside_the_field(clerk: User, other_clerk: User) -> None:
    before = written()
    form = {"assignment": clerk.held[0].uid, "to": "other.clerk", "valid_to": TODAY + days(5)}
    page = logged_in(clerk).post(BASE + "loans/", form)
    assert page.status_code == 422
    assert page.context["form"].errors["to"]
    assert written() == before


def test_the_page_of_roles_shows_every_role_in_prose(clerk: User) -> None:
    page = logged_in(clerk).get(BASE + "roles/")
    assert len(page.context["rows"]) >= 15
    assert all(row["role"].description for row in page.context["rows"])


def test_the_log_in_page_of_the_demonstration_offers_one_account_per_role(
    city: object, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    for username, role in (
        ("demo.clerk", "county_clerk"),
        ("demo.clerk2", "county_clerk"),
        ("demo.city", "city_officer"),
    ):
        someone(username, XUPU, role)
    assert [a.username for a in queries.demo_accounts()] == ["demo.clerk", "demo.city"]
    page = Client().get("/accounts/login/").content.decode()
    assert "demo.city" in page and "demo.clerk2" not in page
    settings.DEMO = False
    assert "demo.city" not in Client().get("/accounts/login/").content.decode()


def test_everybody_s_identity_names_role_and_place(clerk: User) -> None:
    identity = queries.identity_of(clerk)
    assert (identity.name, identity.place) == (clerk.name, "溆浦县")
    assert identity.role

"""Users, roles and loans: one test per refusal, and nothing is written."""

import pytest

from yinling.accounts import events, queries, services
from yinling.accounts.models import Assignment, Session, User
from yinling.accounts.permissions import Accounts
from yinling.kernel.actors import System
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.permissions import People

from .builders import (
    CITY,
    DIZHUANG,
    HECHENG,
    LUFENG,
    TODAY,
    XUPU,
    again,
    days,
    holding,
    logged_in,
    someone,
    written,
)

pytestmark = pytest.mark.django_db


# --- users


def test_a_user_is_created_with_a_password_to_be_changed(system_administrator: User) -> None:
    user = services.create_user(
        username=" ShuHe ", name="舒禾", place_key=XUPU, password="Plum-7210", by=system_administrator
    )
    assert (user.username, user.place_key, user.must_change_password) == ("shuhe", XUPU, True)
    assert user.check_password("Plum-7210")
    change = Change.objects.get(type=events.UserCreated.kind)
    assert (change.subject_uid, change.actor_uid, change.place_key) == (user.uid, system_administrator.uid, XUPU)
    assert "舒禾" not in str(change.data)


def test_the_system_creates_users_who_cannot_log_in_yet(city: object, system: System) -> None:
    user = services.create_user(username="machine.made", name="某", place_key=XUPU, by=system)
    assert not user.has_usable_password()
    assert not user.must_change_password


def test_a_clerk_creates_no_users_and_nothing_is_written(clerk: User) -> None:
    before = written()
    with pytest.raises(NotAllowed):
        services.create_user(username="new", name="新", place_key=XUPU, by=clerk)
    assert written() == before


def test_a_user_name_in_use_is_refused_and_nothing_is_written(clerk: User, system_administrator: User) -> None:
    before = written()
    with pytest.raises(Refused, match="clerk is taken"):
        services.create_user(username="Clerk", name="新", place_key=XUPU, by=system_administrator)
    assert written() == before


def test_a_weak_password_is_refused_and_nothing_is_written(system_administrator: User) -> None:
    before = written()
    with pytest.raises(Refused, match="kinds"):
        services.create_user(username="new", name="新", place_key=XUPU, password="abcdefgh", by=system_administrator)
    assert written() == before


def test_a_county_s_administrator_does_not_find_users_of_another_county(city: object) -> None:
    administrator = someone("xupu.admin", XUPU, "system_administrator")
    stranger = someone("stranger", HECHENG)
    before = written()
    with pytest.raises(NotFound):
        services.change_user(user_uid=stranger.uid, name="别", by=administrator)
    with pytest.raises(NotAllowed):
        services.create_user(username="new", name="新", place_key=HECHENG, by=administrator)
    assert written() == before
    assert list(queries.users_seen_by(administrator)) == [administrator]


def test_names_are_corrected_and_the_change_names_the_fields(clerk: User, system_administrator: User) -> None:
    services.change_user(user_uid=clerk.uid, name="舒禾苗", username="shu.he", by=system_administrator)
    services.change_user(user_uid=clerk.uid, name="舒禾苗", by=system_administrator)
    assert (again(clerk).name, again(clerk).username) == ("舒禾苗", "shu.he")
    assert [c.data["fields"] for c in Change.objects.filter(type=events.UserChanged.kind)] == ["name,username"]


def test_a_correction_to_a_taken_user_name_is_refused(
    clerk: User, other_clerk: User, system_administrator: User
) -> None:
    with pytest.raises(Refused, match="taken"):
        services.change_user(user_uid=clerk.uid, username="other.clerk", by=system_administrator)
    assert again(clerk).username == "clerk"


def test_closing_an_account_logs_it_out_and_ends_its_roles_and_loans(clerk: User, system_administrator: User) -> None:
    deputy = someone("deputy", XUPU)
    services.delegate(assignment_uid=clerk.held[0].uid, to_uid=deputy.uid, valid_to=TODAY + days(7), by=clerk)
    client = logged_in(clerk)
    services.deactivate(user_uid=clerk.uid, by=system_administrator, reason="left")
    assert not Session.objects.filter(user=clerk).exists()
    assert client.get("/work/accounts/me/").status_code == 302
    assert not again(clerk).may(People.EDIT)
    assert not again(deputy).may(People.EDIT)
    services.deactivate(user_uid=clerk.uid, by=system_administrator)
    assert Change.objects.filter(type=events.UserDeactivated.kind).count() == 1


def test_nobody_closes_their_own_account(system_administrator: User) -> None:
    before = written()
    with pytest.raises(Refused, match="own account"):
        services.deactivate(user_uid=system_administrator.uid, by=system_administrator)
    assert written() == before


def test_a_reopened_account_has_no_roles(clerk: User, system_administrator: User) -> None:
    services.deactivate(user_uid=clerk.uid, by=system_administrator)
    services.reactivate(user_uid=clerk.uid, by=system_administrator)
    assert again(clerk).is_active
    assert again(clerk).roles() == []


# --- roles


def test_a_role_is_given_for_a_time_and_read_from_the_day_it_begins(security_administrator: User) -> None:
    user = someone("visitor", LUFENG)
    services.assign_role(
        user_uid=user.uid, role="township_clerk", place_key=LUFENG, valid_from=TODAY + days(1),
        valid_to=TODAY + days(3), by=security_administrator,
    )  # fmt: skip
    held = [user.assignments.in_force(TODAY + days(n)).count() for n in range(4)]
    assert held == [0, 1, 1, 0]


def test_the_same_role_again_changes_nothing(clerk: User, security_administrator: User) -> None:
    before = written()
    same = services.assign_role(user_uid=clerk.uid, role="county_clerk", place_key=XUPU, by=security_administrator)
    assert same.pk == clerk.held[0].pk
    assert written() == before


def test_one_user_may_hold_several_roles_in_several_divisions(clerk: User, security_administrator: User) -> None:
    services.assign_role(user_uid=clerk.uid, role="assessor", place_key=HECHENG, by=security_administrator)
    services.assign_role(user_uid=clerk.uid, role="village_visitor", place_key=LUFENG, by=security_administrator)
    assert sorted(r.key for r in again(clerk).roles()) == ["assessor", "county_clerk", "village_visitor"]
    assert again(clerk).may(People.READ, HECHENG)
    assert not again(clerk).may(People.EDIT, HECHENG)


@pytest.mark.parametrize("second", ["security_administrator", "audit_administrator", "county_clerk"])
def test_an_administrator_gets_no_second_role_and_nothing_is_written(
    system_administrator: User, security_administrator: User, second: str
) -> None:
    before = written()
    with pytest.raises(Refused, match="administrator"):
        services.assign_role(user_uid=system_administrator.uid, role=second, place_key=CITY, by=security_administrator)
    assert written() == before


def test_a_clerk_does_not_become_an_administrator(clerk: User, security_administrator: User) -> None:
    before = written()
    with pytest.raises(Refused, match="no other role"):
        services.assign_role(user_uid=clerk.uid, role="audit_administrator", place_key=CITY, by=security_administrator)
    assert written() == before


def test_a_role_that_begins_later_counts_for_separation_too(security_administrator: User) -> None:
    user = someone("later", CITY)
    holding(user, "county_clerk", XUPU, valid_from=TODAY + days(30))
    with pytest.raises(Refused, match="no other role"):
        services.assign_role(user_uid=user.uid, role="system_administrator", place_key=CITY, by=security_administrator)


def test_nobody_gives_roles_to_themselves_and_nothing_is_written(security_administrator: User) -> None:
    before = written()
    with pytest.raises(Refused, match="themselves"):
        services.assign_role(
            user_uid=security_administrator.uid, role="security_administrator", place_key=XUPU,
            by=security_administrator,
        )  # fmt: skip
    assert written() == before


def test_a_role_goes_to_no_closed_account(security_administrator: User) -> None:
    user = someone("gone", XUPU)
    User.objects.filter(pk=user.pk).update(is_active=False)
    before = written()
    with pytest.raises(Refused, match="closed"):
        services.assign_role(user_uid=user.uid, role="assessor", place_key=XUPU, by=security_administrator)
    assert written() == before


def test_a_role_that_ends_before_it_begins_is_refused_and_nothing_is_written(security_administrator: User) -> None:
    user = someone("brief", XUPU)
    before = written()
    with pytest.raises(Refused, match="before it begins"):
        services.assign_role(
            user_uid=user.uid, role="assessor", place_key=XUPU, valid_to=TODAY, by=security_administrator
        )
    assert written() == before


def test_an_unknown_role_or_division_is_not_found(clerk: User, security_administrator: User) -> None:
    before = written()
    with pytest.raises(NotFound):
        services.assign_role(user_uid=clerk.uid, role="king", place_key=XUPU, by=security_administrator)
    with pytest.raises(NotFound):
        services.assign_role(user_uid=clerk.uid, role="assessor", place_key=431299999999, by=security_administrator)
    assert written() == before


@pytest.mark.parametrize("who", ["system_administrator", "audit_administrator", "clerk"])
def test_only_the_security_administrator_gives_roles(who: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(who)
    user = someone("wishful", XUPU)
    before = written()
    with pytest.raises(NotAllowed):
        services.assign_role(user_uid=user.uid, role="county_clerk", place_key=XUPU, by=by)
    assert written() == before


def test_a_county_s_security_administrator_gives_roles_there_alone(city: object) -> None:
    by, user = someone("xupu.sec", XUPU, "security_administrator"), someone("worker", LUFENG)
    services.assign_role(user_uid=user.uid, role="township_clerk", place_key=LUFENG, by=by)
    before = written()
    with pytest.raises(NotAllowed):
        services.assign_role(user_uid=user.uid, role="township_clerk", place_key=HECHENG, by=by)
    assert written() == before


def test_an_ended_role_is_gone_at_once_and_ends_once(clerk: User, security_administrator: User) -> None:
    for _ in range(2):
        services.end_assignment(assignment_uid=clerk.held[0].uid, by=security_administrator)
    assert not again(clerk).may(People.EDIT)
    assert Change.objects.filter(type=events.AssignmentEnded.kind).count() == 1


def test_a_stranger_ends_nobody_s_role(clerk: User, other_clerk: User) -> None:
    before = written()
    with pytest.raises(NotFound):
        services.end_assignment(assignment_uid=clerk.held[0].uid, by=other_clerk)
    assert written() == before
    assert again(clerk).may(People.EDIT)


@pytest.mark.parametrize("who", ["system_administrator", "security_administrator", "audit_administrator"])
def test_the_three_administrators_see_no_protected_data(who: str, request: pytest.FixtureRequest) -> None:
    administrator = request.getfixturevalue(who)
    assert administrator.key_ranges() == ()
    assert not any(administrator.may(permission) for permission in People)
    assert sum(administrator.may(p) for p in (Accounts.MANAGE_USERS, Accounts.ASSIGN_ROLES, Accounts.READ_LOG)) == 1


# --- loans


def lend(lender: User, to: User, until: int = 7, own: Assignment | None = None) -> Assignment:
    """The lender's only role, lent from today for some days."""
    what = own or lender.held[0]
    return services.delegate(assignment_uid=what.uid, to_uid=to.uid, valid_to=TODAY + days(until), by=lender)


def test_a_loan_ends_on_its_date(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    deputy = someone("deputy", XUPU)
    lend(clerk, deputy, until=7)
    assert again(deputy).may(People.EDIT, XUPU)
    monkeypatch.setattr("yinling.accounts.models.civil_date", lambda: TODAY + days(6))
    assert again(deputy).may(People.EDIT, XUPU)
    monkeypatch.setattr("yinling.accounts.models.civil_date", lambda: TODAY + days(7))
    assert not again(deputy).may(People.EDIT, XUPU)
    assert again(clerk).may(People.EDIT, XUPU)


def test_a_lender_takes_the_role_back_early(clerk: User) -> None:
    deputy = someone("deputy", XUPU)
    loan = lend(clerk, deputy)
    services.end_assignment(assignment_uid=loan.uid, by=clerk)
    assert not again(deputy).may(People.EDIT)


def test_when_the_own_role_ends_the_loan_ends_with_it(clerk: User, security_administrator: User) -> None:
    deputy = someone("deputy", XUPU)
    lend(clerk, deputy)
    services.end_assignment(assignment_uid=clerk.held[0].uid, by=security_administrator)
    assert not again(deputy).may(People.EDIT)


def test_a_lent_role_is_not_lent_on_and_nothing_is_written(clerk: User) -> None:
    deputy, third = someone("deputy", XUPU), someone("third", XUPU)
    loan = lend(clerk, deputy)
    before = written()
    with pytest.raises(Refused, match="itself lent"):
        lend(again(deputy), third, until=3, own=loan)
    assert written() == before


def test_a_role_is_lent_to_one_person_at_a_time(clerk: User) -> None:
    lend(clerk, someone("deputy", XUPU))
    third = someone("third", XUPU)
    before = written()
    with pytest.raises(Refused, match="lent this role already"):
        lend(clerk, third)
    assert written() == before


def test_an_ended_loan_makes_room_for_the_next(clerk: User) -> None:
    loan = lend(clerk, someone("deputy", XUPU))
    services.end_assignment(assignment_uid=loan.uid, by=clerk)
    assert lend(clerk, someone("third", XUPU)).user.username == "third"


def test_a_role_is_not_lent_to_oneself_nor_to_a_stranger(clerk: User) -> None:
    stranger = someone("stranger", HECHENG)
    before = written()
    with pytest.raises(Refused, match="hold this role already"):
        lend(clerk, clerk)
    with pytest.raises(NotFound):
        lend(clerk, stranger)
    assert written() == before


def test_nobody_lends_another_s_role(clerk: User) -> None:
    colleague = someone("colleague", XUPU)
    before = written()
    with pytest.raises(NotFound):
        lend(colleague, someone("deputy", XUPU), own=clerk.held[0])
    assert written()[1:] == before[1:]


def test_a_loan_does_not_make_an_administrator_see_people(clerk: User) -> None:
    administrator = someone("xupu.admin", XUPU, "system_administrator")
    before = written()
    with pytest.raises(Refused, match="administrator"):
        lend(clerk, administrator)
    assert written() == before


# --- what follows


def test_divisions_of_other_townships_stay_closed(city: object) -> None:
    user = someone("tc", LUFENG, "township_clerk")
    assert user.may(People.EDIT, LUFENG + 1)
    assert not user.may(People.EDIT, DIZHUANG)

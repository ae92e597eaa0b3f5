"""Users, their roles, the log: pages of the administrators and of those who look after workers."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yinling.accounts import proofs, queries, services
from yinling.accounts.forms import DivisionField, NameForm, RoleForm, SendForm, UserForm
from yinling.accounts.models import User
from yinling.accounts.permissions import Accounts
from yinling.accounts.roles import all_roles, permission_words
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.web.paging import keyset_page
from yinling.web.refusals import refusals_beside

PAGE_SIZE = 50
WAYS = {"password": _("password"), "totp": _("code from the phone"), "pin": _("PIN"), "logout": _("logged out")}


def me(request: HttpRequest) -> User:
    """Whoever is logged in."""
    return cast(User, request.user)


def require_overseer(user: User) -> None:
    """Only for those who look after users, in whatever way."""
    if not any(user.may(permission) for permission in queries.OVERSEERS):
        raise NotAllowed(Accounts.MANAGE_USERS)


def divisions() -> list[str]:
    """Paths of counties and townships, for the suggestions under a division field."""
    places = tree()
    levels = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
    return [places.path(key) or d.name for key, d in places.divisions.items() if d.level in levels]


@login_required
def users(request: HttpRequest) -> HttpResponse:
    """Users in scope, found by name, role and division."""
    require_overseer(me(request))
    text, role = request.GET.get("q", ""), request.GET.get("role", "")
    division = _division(request.GET.get("division", ""))
    found = queries.users_found(me(request), text=text, role=role, place_key=division)
    page = keyset_page(queries.with_roles(found), order=("username",), address=request.GET, size=PAGE_SIZE)
    places, titles = tree(), {one.key: one.title for one in all_roles()}
    rows = [
        {
            "user": user,
            "place": places.path(user.place_key) or places.name(user.place_key),
            "roles": [(titles.get(a.role, a.role), places.name(a.place_id), a.lent_by_id) for a in user.roles_today],
        }
        for user in page
    ]
    context = {"rows": rows, "page": page, "roles": all_roles(), "role": role, "divisions": divisions()}
    context["may_create"] = me(request).may(Accounts.MANAGE_USERS)
    return render(request, "accounts/users.html", context)


def _division(text: str) -> int | None:
    """The division in the address; one that cannot be read filters nothing."""
    field = DivisionField(required=False)
    try:
        return cast(int | None, field.clean(text))
    except ValidationError:
        return None


@login_required
def new_user(request: HttpRequest) -> HttpResponse:
    """Open an account; its temporary password is shown once."""
    require(me(request), Accounts.MANAGE_USERS)
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, password = form.cleaned_data, proofs.random_password()
        with refusals_beside(form):
            user = services.create_user(
                username=data["username"], name=data["name"], place_key=data["division"],
                password=password, by=me(request),
            )  # fmt: skip
            return render(request, "accounts/temporary_password.html", {"user_shown": user, "password": password})
    context = {"form": form, "divisions": divisions()}
    return render(request, "accounts/new_user.html", context, status=422 if form.errors else 200)


def _seen(request: HttpRequest, uid: UUID) -> User:
    """A user that the asker looks after, or NotFound."""
    require_overseer(me(request))
    user = queries.users_seen_by(me(request)).filter(uid=uid).first()
    if user is None:
        raise NotFound("user")
    return user


@login_required
def user_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One user: roles, log-ins, what the asker may do about them."""
    return _user_page(request, _seen(request, uid))


def _user_page(request: HttpRequest, user: User, **forms: Any) -> HttpResponse:
    """The page, with the form that was refused standing open."""
    by, place = me(request), user.place_key
    may = {name: by.may(permission, place) for name, permission in (
        ("manage", Accounts.MANAGE_USERS), ("assign", Accounts.ASSIGN_ROLES),
        ("read_log", Accounts.READ_LOG), ("move", Accounts.MOVE_WORKERS),
    )}  # fmt: skip
    context: dict[str, Any] = {
        "user_shown": user,
        "place": tree().path(place) or tree().name(place),
        "assignments": assignment_rows(user),
        "may": may,
        "role_form": RoleForm() if may["assign"] else None,
        "name_form": NameForm(initial={"name": user.name, "username": user.username}) if may["manage"] else None,
        "send_form": SendForm() if may["move"] else None,
        "log_ins": log_in_rows(queries.log_ins_of(user).order_by("-at", "-id")[:10]) if may["read_log"] else [],
        "divisions": divisions(),
    }
    return render(request, "accounts/user.html", context | forms, status=422 if forms else 200)


def assignment_rows(user: User) -> list[dict[str, Any]]:
    """A user's assignments with the role's words and whether each is in force."""
    titles = {role.key: role.title for role in all_roles()}
    today = civil_date()
    return [
        {"one": a, "title": titles.get(a.role, a.role), "is_open": a.is_open_on(today)}
        for a in queries.assignments_of(user)
    ]


def log_in_rows(attempts: Any) -> list[dict[str, Any]]:
    """Attempts with their way in words."""
    return [{"one": a, "way": WAYS.get(a.way, a.way)} for a in attempts]


@require_POST
@login_required
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct names."""
    user, form = _seen(request, uid), NameForm(request.POST)
    if form.is_valid():
        with refusals_beside(form):
            services.change_user(user_uid=uid, by=me(request), **form.cleaned_data)
            return redirect("accounts:user", uid)
    return _user_page(request, user, name_form=form)


@require_POST
@login_required
def assign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a role."""
    user, form = _seen(request, uid), RoleForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_beside(form):
            services.assign_role(
                user_uid=uid, role=data["role"], place_key=data["division"], valid_to=data["valid_to"], by=me(request)
            )
            return redirect("accounts:user", uid)
    return _user_page(request, user, role_form=form)


@require_POST
@login_required
def end_role(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End an assignment or a loan; back to where the button stood."""
    ended = services.end_assignment(assignment_uid=uid, by=me(request), reason=request.POST.get("reason", ""))
    messages.success(request, gettext("Ended. It holds from this moment."), extra_tags="ok")
    if ended.lent_by_id == me(request).pk:
        return redirect("accounts:loans")
    return redirect("accounts:user", ended.user.uid)


@require_POST
@login_required
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a worker to another division."""
    user, form = _seen(request, uid), SendForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_beside(form):
            services.send_worker(user_uid=uid, to_place=data["division"], note=data["note"], by=me(request))
            return redirect("accounts:moves")
    return _user_page(request, user, send_form=form)


@require_POST
@login_required
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close an account, or open it again."""
    if request.POST.get("open"):
        services.reactivate(user_uid=uid, by=me(request))
    else:
        services.deactivate(user_uid=uid, by=me(request), reason=request.POST.get("reason", ""))
    return redirect("accounts:user", uid)


@require_POST
@login_required
def new_password(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Replace a forgotten password; the temporary one is shown once."""
    user, password = proofs.give_temporary_password(user_uid=uid, by=me(request))
    return render(request, "accounts/temporary_password.html", {"user_shown": user, "password": password})


@login_required
def roles(request: HttpRequest) -> HttpResponse:
    """Every role in words that a policy officer can read, and what it may do."""
    rows = [
        {"role": role, "permissions": [permission_words(key) for key in sorted(role.permissions)]}
        for role in all_roles()
    ]
    return render(request, "accounts/roles.html", {"rows": rows})


@login_required
def log_ins(request: HttpRequest) -> HttpResponse:
    """Every log-in of the asker's divisions, newest first; wrong ones alone on request."""
    require(me(request), Accounts.READ_LOG)
    attempts = queries.log_ins_seen_by(me(request))
    if text := request.GET.get("q", "").strip().lower():
        attempts = attempts.filter(username__startswith=text)
    if request.GET.get("result") == "wrong":
        attempts = attempts.filter(succeeded=False)
    page = keyset_page(attempts, order=("-at", "-id"), address=request.GET, size=PAGE_SIZE)
    context = {"rows": log_in_rows(page), "page": page}
    return render(request, "accounts/log_ins.html", context)

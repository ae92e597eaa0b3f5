"""What failed, for the system administrator: listeners, jobs, messages; each with its reason and another try."""

from django.contrib import messages as flashes
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.accounts.models import User
from yinling.kernel import failures
from yinling.kernel.actors import require
from yinling.kernel.changes import words_of
from yinling.kernel.permissions import Kernel
from yinling.messages.permissions import Messages
from yinling.messages.queries import dead_letters as dead_messages
from yinling.web.requests import StaffRequest

MOST = 100  # of each sort on the page


@login_required
@require_GET
def failed(request: StaffRequest) -> HttpResponse:
    """Everything that waits for the system administrator; no addressee, no text, nobody's name."""
    require(request.user, Kernel.READ_JOBS)
    letters = [(letter, words_of(letter.change.type)) for letter in failures.dead_letters()[:MOST]]
    context = {
        "letters": letters,
        "jobs": [(job, last_line(job.error)) for job in failures.failed_jobs()[:MOST]],
        "dead": _dead_messages(request.user),
    }
    return render(request, "desk/failures.html", context)


def last_line(error: str) -> str:
    """The last line of a traceback says what went wrong."""
    return (error.strip().splitlines() or [""])[-1][:300]


def _dead_messages(user: User) -> int:
    return dead_messages(user).count() if user.may(Messages.READ_DEAD) else 0


@login_required
@require_POST
def hear_again(request: StaffRequest, letter: int) -> HttpResponse:
    """Hand a change to its listener once more."""
    failures.hear_again(letter, by=request.user)
    flashes.success(request, _("It was handled this time."), extra_tags="ok")
    return redirect("desk:failures")


@login_required
@require_POST
def try_job_again(request: StaffRequest, uid: str) -> HttpResponse:
    """Queue a failed job once more."""
    failures.try_job_again(uid, by=request.user)
    flashes.success(request, _("The job is queued again."), extra_tags="ok")
    return redirect("desk:failures")

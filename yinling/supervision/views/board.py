"""The live board: what is wrong now, who is late, one alert opened; a bounded stream says when to draw it anew."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.institutions.queries import institution
from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.kernel.uids import uid_of
from yinling.people.queries import person_for_panel
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.supervision import freshness, presenting, queries, rules, wording
from yinling.supervision.models import Alert
from yinling.supervision.permissions import Supervision
from yinling.web.requests import StaffRequest

STREAM_S, LOOK_EVERY_S, RETRY_MS = 25, 0.2, 1000
REST_S = 0.5  # after a change: drawing costs more than looking, and a storm changes all the time
# Each open stream holds one of the four threads of a web process. More than this would keep pages waiting, so the
# rest of the boards poll (docs/decisions/0007-live-board.md).
STREAMS_PER_PROCESS = 2
_streams = threading.BoundedSemaphore(STREAMS_PER_PROCESS)


@login_required
@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """The board of the user's divisions, or of one of them; alone its live part for whoever draws it anew."""
    require(request.user, Supervision.READ)
    asked, places = request.GET.get("place", ""), tree()
    place = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in places.divisions else None
    mine = queries.divisions_of(request.user, Supervision.READ)
    own = mine[0].key if len(mine) == 1 and mine[0].level != "city" else None
    found = queries.board(request.user, place or own)
    opened = _opened(request, found)
    context = {
        "board": found, "lines": presenting.lines_of(found.top), "tiles": _tiles(request, found, place), "place": place,
        "levels": [(rules.LEVELS[n], found.by_level.get(n, 0)) for n in reversed(range(4))],
        "late": [one for one in found.divisions if one.late], "divisions": found.divisions, "at": now(),
        "here": places.name(place) if place else (mine[0].name if mine else ""), "opened": opened,
        "red": " ".join(found.red), "fresh": freshness.freshness(), "score": freshness.score_for(request.user),
        **(alert_context(opened, request.user, is_board=True) if opened else {}),
    }  # fmt: skip
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "supervision/_board.html" if is_part else "supervision/board.html", context)


def _tiles(request: StaffRequest, found: queries.Board, place: int | None) -> list[Any]:
    """The map is the city's; whoever sees less, or looks at one county, gets a list."""
    mine = queries.divisions_of(request.user, Supervision.READ)
    return presenting.tiles_of(found) if place is None and any(one.level == "city" for one in mine) else []


def _opened(request: StaffRequest, found: queries.Board) -> Alert | None:
    """The alert that the address names, else the gravest."""
    asked = uid_of(request.GET.get("open", ""))
    chosen = Alert.objects.visible_to(request.user).filter(uid=asked) if asked else None
    uid = (chosen.values_list("uid", flat=True).first() if chosen else None) or (
        found.top[0].uid if found.top else None
    )
    return queries.alert(uid, request.user) if uid else None


def alert_context(found: Alert, user: Any, *, is_board: bool = False) -> dict[str, Any]:
    """What stands on the page of one alert. The board shows nobody's vital signs: a room may look at it."""
    history = queries.history_of(found)
    person = queries.subject_person(found, user)
    opened = not is_board and queries.is_opened(found, user)
    return {
        "alert": found, "line": presenting.lines_of([found])[0], "loop": presenting.loop_of(found, history),
        "chart": presenting.drawn(found, is_opened=opened), "metric": presenting.metric_words(found),
        "may": presenting.buttons(found, user), "opens": queries.open_to(found, user),
        "rule_words": wording.in_one_sentence(found.rule, found.level_name), "facts": presenting.facts_in(found),
        "numbers": rules.emergency_numbers(found.family, found.level) if found.state in rules.OPEN else (),
        "history": [(one, presenting.step_note(one)) for one in reversed(history[-presenting.HISTORY_SHOWN:])],
        "person": person, "cause": label("alert_false_cause", found.cause) if found.cause else "",
        "why_stopped": presenting.why_stopped(found, history),
        "silences": queries.silences_of(user, found.scope, found.rule_key),
    }  # fmt: skip


@login_required
@require_GET
def stream(request: StaffRequest) -> HttpResponseBase:
    """Server-sent events: a number whenever something happened to an alert. 204 without a free thread: then poll."""
    require(request.user, Supervision.READ)
    if not _streams.acquire(blocking=False):
        return HttpResponse(status=204)
    response = StreamingHttpResponse(_Told(), content_type="text/event-stream")
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return response


class _Told:
    """The events of one bounded stream. Gives its place back however it ends."""

    def __init__(self) -> None:
        self.lines = self._lines()
        self.is_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self.lines

    def close(self) -> None:
        """Give the place back, once."""
        if not self.is_over:
            self.is_over = True
            _streams.release()

    def _lines(self) -> Iterator[bytes]:
        try:
            last, ends = queries.newest_step(), time.monotonic() + STREAM_S
            yield f"retry: {RETRY_MS}\nid: {last}\nevent: hello\ndata: {last}\n\n".encode()
            changed = False
            while time.monotonic() < ends:
                time.sleep(REST_S if changed else LOOK_EVERY_S)
                close_old_connections()
                newest = queries.newest_step()
                changed = newest != last
                last = newest
                yield (f"id: {last}\nevent: changed\ndata: {last}\n\n" if changed else ": still here\n\n").encode()
        finally:
            self.close()


@login_required
@require_GET
def person_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Alerts about a person."""
    require(request.user, Supervision.READ)
    person = person_for_panel(uid, request.user)
    lines = presenting.lines_of(queries.alerts_about_person(person, request.user))
    return render(request, "supervision/panels/alerts.html", {"lines": lines})


@login_required
@require_GET
def institution_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Alerts in a home."""
    require(request.user, Supervision.READ)
    home = institution(uid, request.user)
    lines = presenting.lines_of(queries.alerts_about_home(home))
    return render(request, "supervision/panels/alerts.html", {"lines": lines})

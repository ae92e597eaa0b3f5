"""Addresses of supervision, under /work/supervision/."""

from django.urls import path, re_path

from yinling.supervision.views import alerts, board, ruleset
from yinling.supervision.watching import views as watching

app_name = "supervision"
urlpatterns = [
    path("", board.board, name="board"),
    path("stream", board.stream, name="stream"),
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/<uuid:uid>/", alerts.alert, name="alert"),
    path("alerts/<uuid:uid>/phone", alerts.phone, name="phone"),
    path("alerts/<uuid:uid>/acknowledge", alerts.acknowledge, name="acknowledge"),
    path("alerts/<uuid:uid>/dispatch", alerts.dispatch, name="dispatch"),
    path("alerts/<uuid:uid>/arrive", alerts.arrive, name="arrive"),
    path("alerts/<uuid:uid>/resolve", alerts.resolve, name="resolve"),
    path("alerts/<uuid:uid>/false", alerts.false_alarm, name="false_alarm"),
    path("alerts/<uuid:uid>/verify", alerts.verify, name="verify"),
    path("alerts/<uuid:uid>/close", alerts.close, name="close"),
    path("alerts/<uuid:uid>/reopen", alerts.reopen, name="reopen"),
    path("alerts/<uuid:uid>/note", alerts.note, name="note"),
    path("alerts/<uuid:uid>/photo", alerts.photograph, name="photograph"),
    path("alerts/<uuid:uid>/photos/<uuid:file_uid>", alerts.photo, name="photo"),
    path("alerts/<uuid:uid>/silence", alerts.silence, name="silence"),
    path("silences/<uuid:uid>/end", alerts.end_silence, name="end_silence"),
    path("rules/", ruleset.rule_list, name="rules"),
    path("rules/<str:key>/", ruleset.rule, name="rule"),
    re_path(r"^rules/(?P<key>[a-z0-9_.]+)/(?P<way>on|off)$", ruleset.switch, name="switch"),
    path("rules/<str:key>/trial", watching.trial, name="trial"),
    path("watch/", watching.watch, name="watch"),
    path("persons/<uuid:uid>/panel", board.person_panel, name="person_panel"),
    path("institutions/<uuid:uid>/panel", board.institution_panel, name="institution_panel"),
]

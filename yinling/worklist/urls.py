"""Addresses of the worklist, under /work/worklist/."""

from django.urls import path

from yinling.worklist.views import batch, items, late

app_name = "worklist"
urlpatterns = [
    path("", items.mine, name="mine"),
    path("list/", items.fragment, name="list"),
    path("telling/", items.telling, name="telling"),
    path("several/close/", batch.close, name="close_several"),
    path("several/hand-over/", batch.hand_over, name="hand_over_several"),
    path("late/", late.late, name="late"),
    path("late/duties/", late.duties, name="late_duties"),
    path("late/panel/", late.panel, name="late_panel"),
    path("<uuid:uid>/", items.item, name="item"),
    path("<uuid:uid>/close/", items.close, name="close"),
    path("<uuid:uid>/pause/", items.pause, name="pause"),
    path("<uuid:uid>/resume/", items.resume, name="resume"),
    path("<uuid:uid>/assign/", items.assign, name="assign"),
    path("<uuid:uid>/hand-over/", items.hand_over, name="hand_over"),
    path("<uuid:uid>/receive/", items.receive, name="receive"),
]

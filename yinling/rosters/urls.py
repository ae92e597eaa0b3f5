"""Addresses of rosters, under /work/rosters/."""

from django.urls import path

from yinling.rosters.views import plans, turns

app_name = "rosters"
urlpatterns = [
    path("", plans.rosters, name="rosters"),
    path("open/", plans.open_one, name="open"),
    path("mine/", turns.mine, name="mine"),
    path("<uuid:uid>/", plans.roster, name="roster"),
    path("<uuid:uid>/print/", plans.paper, name="print"),
    path("<uuid:uid>/shifts/", plans.shifts, name="shifts"),
    path("<uuid:uid>/plan/", plans.plan, name="plan"),
    path("<uuid:uid>/put-on/", plans.put_on, name="put_on"),
    path("shifts/<uuid:uid>/end/", plans.end_shift, name="end_shift"),
    path("turns/<uuid:uid>/", turns.turn, name="turn"),
    path("turns/<uuid:uid>/take-off/", turns.take_off, name="take_off"),
    path("turns/<uuid:uid>/offer/", turns.offer, name="offer"),
    path("swaps/<uuid:uid>/take/", turns.take, name="take"),
    path("swaps/<uuid:uid>/withdraw/", turns.withdraw, name="withdraw"),
    path("swaps/<uuid:uid>/receive/", turns.receive, name="receive"),
]

"""Addresses of a member's own hours, under /my/hours/."""

from django.urls import path

from yinling.volunteers.views import members, own

app_name = "hours"
urlpatterns = [
    path("", own.home, name="home"),
    path("print/", members.printed, name="print"),
    path("certificate/", members.certificate, name="certificate"),
    path("gift/", members.gift, name="gift"),
    path("donate/", members.donate, name="donate"),
    path("ask/", members.ask, name="ask"),
    path("apply/", members.apply, name="apply"),
]

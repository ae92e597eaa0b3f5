"""Addresses of institutions, mounted at /work/institutions/."""

from django.urls import path

from yinling.institutions.views import beds, edits, money, panels, sites, stays

app_name = "institutions"
urlpatterns = [
    path("", sites.institution_list, name="list"),
    path("export", sites.export, name="export"),
    path("new", edits.register, name="register"),
    path("occupancy", sites.occupancy, name="occupancy"),
    path("waiting", stays.waiting, name="waiting"),
    path("applications/<uuid:uid>", stays.application, name="application"),
    path("applications/<uuid:uid>/decide", stays.decide, name="decide"),
    path("applications/<uuid:uid>/admit", stays.admit, name="admit"),
    path("beds/<uuid:uid>", beds.bed, name="bed"),
    path("stays/<uuid:uid>", stays.stay, name="stay"),
    path("stays/<uuid:uid>/move", stays.move, name="move"),
    path("stays/<uuid:uid>/transfer", stays.transfer, name="transfer"),
    path("stays/<uuid:uid>/discharge", stays.discharge, name="discharge"),
    path("stays/<uuid:uid>/leave", stays.leave, name="leave"),
    path("stays/<uuid:uid>/pay", money.pay, name="pay"),
    path("stays/<uuid:uid>/charge", money.charge, name="charge"),
    path("stays/<uuid:uid>/refund", money.refund, name="refund"),
    path("stays/<uuid:uid>/bill", money.bill, name="bill"),
    path("leaves/<uuid:uid>", stays.slip, name="slip"),
    path("leaves/<uuid:uid>/back", stays.back, name="back"),
    path("person/<uuid:uid>", panels.person_panel, name="person_panel"),
    path("<uuid:uid>/", sites.institution, name="institution"),
    path("<uuid:uid>/change", edits.change, name="change"),
    path("<uuid:uid>/licence", edits.licence, name="licence"),
    path("<uuid:uid>/beds", edits.add_beds, name="add_beds"),
    path("<uuid:uid>/apply", stays.apply, name="apply"),
    path("<uuid:uid>/panel/facts", panels.facts, name="panel_facts"),
    path("<uuid:uid>/panel/licences", panels.licences, name="panel_licences"),
    path("<uuid:uid>/panel/beds", panels.beds, name="panel_beds"),
    path("<uuid:uid>/panel/residents", panels.residents, name="panel_residents"),
    path("<uuid:uid>/panel/occupancy", panels.occupancy, name="panel_occupancy"),
    path("<uuid:uid>/panel/staff", panels.staff, name="panel_staff"),
]

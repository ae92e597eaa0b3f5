"""Addresses of shifts, under /work/shifts/. The phone keeps what lies under day/."""

from django.urls import path

from yinling.shifts.views import day, incidents, planning, risks, undone

app_name = "shifts"
urlpatterns = [
    path("", planning.wards, name="wards"),
    path("day/worker.js", day.worker, name="worker"),
    path("day/ready", day.ready, name="ready"),
    path("day/scan", day.scan, name="scan"),
    path("day/p/<str:token>", day.patrol, name="patrol"),
    path("day/<uuid:uid>/", day.day, name="day"),
    path("day/<uuid:uid>/record", day.record, name="record"),
    path("day/<uuid:uid>/meal/<int:slot>", day.meal, name="meal"),
    path("day/<uuid:uid>/hand-over", day.hand_over, name="hand_over"),
    path("day/<uuid:uid>/incident", day.incident, name="report"),
    path("day/take-over/<uuid:uid>", day.take_over, name="take_over"),
    path("day/check/<uuid:uid>", day.check, name="check"),
    path("records/<uuid:uid>/pin", day.check_by_pin, name="check_by_pin"),
    path("records/<uuid:uid>/back", day.take_back, name="take_back"),
    path("home/<uuid:uid>/", planning.home, name="home"),
    path("home/<uuid:uid>/open", planning.open_ward, name="open_ward"),
    path("wards/<uuid:uid>/", planning.ward, name="ward"),
    path("wards/<uuid:uid>/back/<uuid:leave>", day.come_back, name="come_back"),
    path("wards/<uuid:uid>/end", planning.end_ward, name="end_ward"),
    path("wards/<uuid:uid>/point", planning.add_point, name="add_point"),
    path("wards/<uuid:uid>/codes", planning.codes, name="codes"),
    path("points/<uuid:uid>/replace", planning.replace_point, name="replace_point"),
    path("points/<uuid:uid>/end", planning.end_point, name="end_point"),
    path("residents/<uuid:uid>/", planning.plans, name="plans"),
    path("residents/<uuid:uid>/turning", planning.turning, name="turning"),
    path("residents/<uuid:uid>/diet", planning.diet, name="diet"),
    path("residents/<uuid:uid>/medicine", planning.medicine, name="medicine"),
    path("orders/<uuid:uid>/end", planning.end_order, name="end_order"),
    path("residents/<uuid:uid>/risks", risks.assess, name="assess"),
    path("person/<uuid:uid>/risks", risks.panel, name="risks_panel"),
    path("incidents/", incidents.incident_list, name="incidents"),
    path("incidents/<uuid:uid>/", incidents.incident, name="incident"),
    path("incidents/<uuid:uid>/complete", incidents.complete, name="complete"),
    path("incidents/<uuid:uid>/review", incidents.review, name="review"),
    path("incidents/<uuid:uid>/close", incidents.close, name="close"),
    path("incidents/<uuid:uid>/return", incidents.return_it, name="return"),
    path("incidents/<uuid:uid>/print", incidents.printed, name="print_incident"),
    path("undone/", undone.undone, name="undone"),
    path("hand-overs/<uuid:uid>/print", undone.printed_hand_over, name="print_hand_over"),
    path("wards/<uuid:uid>/patrols/print", undone.printed_patrols, name="print_patrols"),
]

"""Addresses of devices, mounted at /work/devices/."""

from django.urls import path

from yinling.devices.views import cameras, claiming, edits, listing, looks, panels, telemetry, tokens

app_name = "devices"
urlpatterns = [
    path("", listing.device_list, name="list"),
    path("models", listing.models, name="models"),
    path("new", edits.register, name="register"),
    path("labels", tokens.labels, name="labels"),
    path("claim", claiming.enter, name="enter_code"),
    path("claim/<str:code>", claiming.claim, name="claim"),
    path("claim/<str:code>/<uuid:home>", claiming.claim_in, name="claim_in"),
    path("looks/<uuid:uid>", cameras.picture, name="picture"),
    path("person/<uuid:uid>", panels.person_panel, name="person_panel"),
    path("institution/<uuid:uid>", panels.institution_panel, name="institution_panel"),
    path("faults", telemetry.faults, name="faults"),
    path("rooms/<int:room>", telemetry.room, name="room"),
    path("person/<uuid:uid>/readings", telemetry.person_panel, name="person_telemetry"),
    path("person/<uuid:uid>/vital-signs", looks.vital_signs, name="vital_signs"),
    path("person/<uuid:uid>/position", looks.position, name="position"),
    path("<uuid:uid>/", listing.device, name="device"),
    path("<uuid:uid>/change", edits.change, name="change"),
    path("<uuid:uid>/place", edits.place, name="place"),
    path("<uuid:uid>/place/<uuid:home>", edits.place_in, name="place_in"),
    path("<uuid:uid>/take-down", edits.take_down, name="take_down"),
    path("<uuid:uid>/gateway", edits.gateway, name="gateway"),
    path("<uuid:uid>/state", edits.state, name="state"),
    path("<uuid:uid>/maintenance", edits.maintenance, name="maintenance"),
    path("<uuid:uid>/token", tokens.rotate, name="rotate"),
    path("<uuid:uid>/revoke", tokens.revoke, name="revoke"),
    path("<uuid:uid>/stream", cameras.stream, name="stream"),
    path("<uuid:uid>/look", cameras.look, name="look"),
    path("<uuid:uid>/panel/telemetry", telemetry.device_panel, name="panel_telemetry"),
    path("<uuid:uid>/panel/placements", panels.placements, name="panel_placements"),
    path("<uuid:uid>/panel/maintenance", panels.maintenance, name="panel_maintenance"),
]

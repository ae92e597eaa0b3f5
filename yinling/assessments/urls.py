"""Addresses of assessments, mounted at /work/assessments/."""

from django.urls import path

from yinling.assessments.views import entry, lists, persons, report, signing

app_name = "assessments"
urlpatterns = [
    path("", lists.assessment_list, name="list"),
    path("export", lists.export, name="export"),
    path("assessors/", lists.assessors, name="assessors"),
    path("person/<uuid:uid>/", persons.of_person, name="of_person"),
    path("person/<uuid:uid>/panel", persons.panel, name="panel"),
    path("person/<uuid:uid>/plan", persons.plan, name="plan"),
    path("person/<uuid:uid>/condition", persons.condition, name="condition"),
    path("person/<uuid:uid>/paper/<slug:key>", persons.paper, name="paper"),
    path("person/<uuid:uid>/self-care", persons.self_care, name="self_care"),
    path("<uuid:uid>/", report.report, name="report"),
    path("<uuid:uid>/entry", entry.entry, name="entry"),
    path("<uuid:uid>/attach", entry.attach, name="attach"),
    path("<uuid:uid>/sign", signing.sign, name="sign"),
    path("<uuid:uid>/informant", signing.informant, name="informant"),
    path("<uuid:uid>/void", signing.void, name="void"),
    path("<uuid:uid>/pdf", report.pdf, name="pdf"),
    path("<uuid:uid>/print", report.full_print, name="print"),
    path("<uuid:uid>/file/<uuid:file_uid>", report.file, name="file"),
]

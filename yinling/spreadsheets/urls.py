"""Addresses of imports, mounted at /work/spreadsheets/."""

from django.urls import path

from yinling.spreadsheets import views

app_name = "spreadsheets"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("upload", views.upload, name="upload"),
    path("<uuid:uid>/", views.import_, name="import"),
    path("<uuid:uid>/mapping", views.mapping, name="mapping"),
    path("<uuid:uid>/progress", views.progress, name="progress"),
    path("<uuid:uid>/workbook", views.download, name="download"),
    *(path(f"<uuid:uid>/{verb}", views.act, {"verb": verb}, name=verb) for verb in views.VERBS),
]

"""The visitor's app, under /my/visits/. The worker's reach is this folder."""

from django.urls import path

from yinling.care.views import app

app_name = "visits_app"
urlpatterns = [
    path("", app.shell, name="shell"),
    path("worker.js", app.worker, name="worker"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
]

"""Addresses of warnings without devices, mounted at /work/warnings/."""

from django.urls import path

from yinling.supervision.warnings import views

app_name = "warnings"
urlpatterns = [path("person/<uuid:uid>/rhythm", views.rhythm, name="rhythm")]

"""Addresses of packs, under /work/packs/."""

from django.urls import path

from yinling.packs import views

app_name = "packs"
urlpatterns = [
    path("", views.packs, name="packs"),
    path("<slug:key>/", views.pack, name="pack"),
    path("<slug:key>/load/", views.load, name="load"),
]

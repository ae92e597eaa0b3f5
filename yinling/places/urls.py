"""Addresses of divisions, under /work/places/."""

from django.urls import path

from yinling.places import views

app_name = "places"
urlpatterns = [
    path("", views.divisions, name="divisions"),
    path("<int:key>/", views.division, name="division"),
    path("<int:key>/<slug:verb>/", views.edit, name="edit"),
]

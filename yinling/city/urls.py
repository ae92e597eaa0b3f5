"""Addresses of the demonstration city, under /work/city/."""

from django.urls import path

from yinling.city import views

app_name = "city"
urlpatterns = [
    path("about/", views.about, name="about"),
    path("samples/<str:name>", views.sample, name="sample"),
]

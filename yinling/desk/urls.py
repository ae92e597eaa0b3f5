"""Addresses of the desk, mounted at /work/."""

from django.urls import path

from yinling.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("export/<str:what>", views.export, name="export"),
    path("division/", views.my_division, name="my_division"),
    path("division/<int:key>", views.division, name="division"),
]

"""Addresses of organisations, under /work/organisations/."""

from django.urls import path

from yinling.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("register/", views.register, name="register"),
    path("<uuid:uid>/", views.organisation, name="organisation"),
    path("<uuid:uid>/change/", views.change, name="change"),
    path("<uuid:uid>/close/", views.close, name="close"),
    path("<uuid:uid>/merge/", views.merge, name="merge"),
    path("<uuid:uid>/undo-merge/", views.undo_merge, name="undo_merge"),
    path("<uuid:uid>/phone/", views.phone, name="phone"),
]

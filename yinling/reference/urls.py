"""Addresses of dated values, under /work/reference/."""

from django.urls import path

from yinling.reference import views

app_name = "reference"
urlpatterns = [
    path("", views.parameters, name="parameters"),
    path("parameters/<str:key>/", views.parameter, name="parameter"),
    path("lists/", views.lists, name="lists"),
    path("lists/<str:key>/", views.code_list, name="list"),
    path("holidays/", views.holidays, name="holidays"),
    path("verify/<str:table>/<uuid:uid>/", views.verify, name="verify"),
]

"""Addresses of the desk, mounted at /work/."""

from django.urls import path

from yinling.desk import failures, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("export/<str:what>", views.export, name="export"),
    path("failures/", failures.failed, name="failures"),
    path("failures/listeners/<int:letter>/", failures.hear_again, name="hear_again"),
    path("failures/jobs/<uuid:uid>/", failures.try_job_again, name="try_job_again"),
    path("division/", views.my_division, name="my_division"),
    path("division/<int:key>", views.division, name="division"),
]

"""Addresses of files, under /work/files/."""

from django.urls import path

from yinling.files import views

app_name = "files"
urlpatterns = [path("<uuid:uid>/", views.download, name="download")]

"""Addresses of the look itself, under look/."""

from django.urls import path

from yinling.web import gallery, views

app_name = "web"
urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("panel/<str:kind>/", gallery.gallery_panel, name="gallery-panel"),
    path("frame/<str:name>/", gallery.gallery_frame, name="gallery-frame"),
    path("prefer/", views.prefer, name="prefer"),
]

"""All addresses of the platform, with those of rosters."""

from django.urls import include, path

from yinling.config import urls

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [path("work/rosters/", include("yinling.rosters.urls")), *urls.urlpatterns]

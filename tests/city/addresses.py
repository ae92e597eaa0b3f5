"""All addresses of the platform, with those of the demonstration city."""

from django.urls import include, path

from yinling.config import urls

handler403, handler404 = urls.handler403, urls.handler404
urlpatterns = [path("work/city/", include("yinling.city.urls")), *urls.urlpatterns]

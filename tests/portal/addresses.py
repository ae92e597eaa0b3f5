"""All addresses of the platform, with the public ones at the root."""

from django.urls import include, path

from yinling.config import urls

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [path("", include("yinling.portal.urls")), *urls.urlpatterns]

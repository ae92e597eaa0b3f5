"""Addresses for the tests of institutions: the platform's, and the module's where it is not mounted yet."""

from django.urls import include, path

from yinling.config.urls import handler403, handler404
from yinling.config.urls import urlpatterns as platform

__all__ = ["handler403", "handler404", "urlpatterns"]
mounted = any(getattr(entry, "namespace", "") == "institutions" for entry in platform)
urlpatterns = list(platform) if mounted else [
    path("work/institutions/", include("yinling.institutions.urls")), *platform,
]  # fmt: skip

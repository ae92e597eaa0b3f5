"""The module as a Django application."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """The demonstration city."""

    name = "yinling.city"
    label = "city"
    default_auto_field = "django.db.models.BigAutoField"

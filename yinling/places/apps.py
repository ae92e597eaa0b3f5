"""The module as a Django application."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Divisions of the city, dated."""

    name = "yinling.places"
    default_auto_field = "django.db.models.BigAutoField"

"""The module as a Django application."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """Volunteers and the time bank."""

    name = "yinling.volunteers"
    default_auto_field = "django.db.models.BigAutoField"

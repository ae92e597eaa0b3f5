"""The module as a Django application."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Who is on duty when."""

    name = "yinling.rosters"
    default_auto_field = "django.db.models.BigAutoField"

"""The module as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What staff see."""

    name = "yinling.desk"
    default_auto_field = "django.db.models.BigAutoField"

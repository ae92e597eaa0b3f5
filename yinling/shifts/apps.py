"""The module as a Django application."""

from django.apps import AppConfig


class ShiftsConfig(AppConfig):
    """The carer's day, incidents and safety risks."""

    name = "yinling.shifts"
    default_auto_field = "django.db.models.BigAutoField"

"""The module as a Django application."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """Duties with clocks."""

    name = "yinling.worklist"
    default_auto_field = "django.db.models.BigAutoField"

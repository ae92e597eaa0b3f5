"""The module as a Django application."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Rules and alerts."""

    name = "yinling.supervision"
    default_auto_field = "django.db.models.BigAutoField"

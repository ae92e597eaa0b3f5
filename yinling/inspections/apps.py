"""The module as a Django application."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Inspections and hazards."""

    name = "yinling.inspections"
    default_auto_field = "django.db.models.BigAutoField"

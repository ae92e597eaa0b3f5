"""The module as a Django application."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Homes and other sites of care."""

    name = "yinling.institutions"
    default_auto_field = "django.db.models.BigAutoField"

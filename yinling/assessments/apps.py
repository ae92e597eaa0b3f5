"""The module as a Django application."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Assessment of ability."""

    name = "yinling.assessments"
    default_auto_field = "django.db.models.BigAutoField"

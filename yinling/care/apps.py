"""The module as a Django application."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Plans, visits, home beds and rounds."""

    name = "yinling.care"
    default_auto_field = "django.db.models.BigAutoField"

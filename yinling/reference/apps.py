"""The module as a Django application."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Dated parameters and code lists."""

    name = "yinling.reference"
    default_auto_field = "django.db.models.BigAutoField"

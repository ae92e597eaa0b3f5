"""The module as a Django application."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Legal persons of every kind."""

    name = "yinling.organisations"
    default_auto_field = "django.db.models.BigAutoField"

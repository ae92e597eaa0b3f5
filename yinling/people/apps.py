"""The module as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The register of persons."""

    name = "yinling.people"
    default_auto_field = "django.db.models.BigAutoField"

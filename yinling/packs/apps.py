"""The module as a Django application."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """City and programme packs."""

    name = "yinling.packs"
    default_auto_field = "django.db.models.BigAutoField"

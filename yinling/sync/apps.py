"""The module as a Django application."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """What telephones may hold and what they send."""

    name = "yinling.sync"
    default_auto_field = "django.db.models.BigAutoField"

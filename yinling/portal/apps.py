"""The module as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public face."""

    name = "yinling.portal"
    default_auto_field = "django.db.models.BigAutoField"

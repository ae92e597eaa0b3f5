"""The module as a Django application."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Devices and what they report."""

    name = "yinling.devices"
    default_auto_field = "django.db.models.BigAutoField"

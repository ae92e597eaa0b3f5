"""The module as a Django application."""

from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    """Excel in and out, for every register."""

    name = "yinling.spreadsheets"
    default_auto_field = "django.db.models.BigAutoField"

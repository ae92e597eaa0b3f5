"""The module as a Django application."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Photos, scans, recordings."""

    name = "yinling.files"
    default_auto_field = "django.db.models.BigAutoField"

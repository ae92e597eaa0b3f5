"""The kernel as a Django application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Tables of changes, jobs, figures and numbers."""

    name = "yinling.kernel"
    default_auto_field = "django.db.models.BigAutoField"

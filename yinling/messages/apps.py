"""The module as a Django application."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Notices out, with receipts."""

    name = "yinling.messages"
    label = "notices"  # Django's own `messages` has the plain label
    default_auto_field = "django.db.models.BigAutoField"

"""The module as a Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Books in fen and minutes."""

    name = "yinling.ledger"
    default_auto_field = "django.db.models.BigAutoField"

"""The module as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles, scopes."""

    name = "yinling.accounts"
    default_auto_field = "django.db.models.BigAutoField"

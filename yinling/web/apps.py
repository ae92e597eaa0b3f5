"""Django's handle on this module."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The look."""

    name = "yinling.web"
    label = "web"

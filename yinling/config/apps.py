"""Fills the registries once, when everything is loaded."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """The roof, told to wire the floors together."""

    name = "yinling.config"

    def ready(self) -> None:
        """Menus, panels, roles, listeners, jobs."""
        from yinling.config import navigation, roles, wiring

        roles.fill()
        navigation.fill()
        wiring.connect()

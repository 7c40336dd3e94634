"""Django's name for this part: `web`."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    """The survey on the web."""

    name = "surefoot.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what Django and allauth tell of signing in, for the audit log."""
        from surefoot.web.accounts import listen

        listen()

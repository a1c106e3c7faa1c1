"""The app's name for Django."""

from django.apps import AppConfig

from kaohe_web.audit.guards import GUARDS, MIGRATION
from kaohe_web.site.guards import keep_through_migrations


class Config(AppConfig):
    """Who did what, when and why, in a chain that shows tampering."""

    name = "kaohe_web.audit"
    label = "audit"

    def ready(self) -> None:
        """The chain's guards stand after every migration."""
        keep_through_migrations(self, GUARDS, MIGRATION)

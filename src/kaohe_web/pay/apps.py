"""The app's name for Django."""

from django.apps import AppConfig

from kaohe_web.pay.guards import GUARDS, MIGRATION
from kaohe_web.site.guards import keep_through_migrations


class Config(AppConfig):
    """Pay sheets: what is due by published results, and the differences that corrections leave."""

    name = "kaohe_web.pay"
    label = "pay"

    def ready(self) -> None:
        """The guards of what was paid stand after every migration."""
        keep_through_migrations(self, GUARDS, MIGRATION)

"""The app's name for Django."""

from django.apps import AppConfig

from kaohe_web.results.guards import GUARDS, MIGRATION
from kaohe_web.site.guards import keep_through_migrations


class Config(AppConfig):
    """What a round's scoring gave: previews, frozen results, their explanations, acknowledgements."""

    name = "kaohe_web.results"
    label = "results"

    def ready(self) -> None:
        """The guards of what was published stand after every migration."""
        keep_through_migrations(self, GUARDS, MIGRATION)

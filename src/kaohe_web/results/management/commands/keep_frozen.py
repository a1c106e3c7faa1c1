"""`keep_frozen ROUND FOLDER`: adds a round's published versions to a corpus that later releases recompute."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaohe_web.results.corpus import frozen_round
from kaohe_web.results.models import Run


class Command(BaseCommand):
    """Writes one packed file a version; a file that is there already stays as it is."""

    help = "Add a round's published versions to a corpus of frozen rounds."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which round, and where to."""
        parser.add_argument("round", type=int)
        parser.add_argument("folder", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        """Write the files and say which."""
        folder = Path(str(options["folder"]))
        runs = Run.objects.filter(round_id=options["round"], version__isnull=False).select_related("round__version__scheme")
        if not runs:
            raise CommandError("no version of this round was published")
        folder.mkdir(parents=True, exist_ok=True)
        for run in runs.order_by("version"):
            kept = frozen_round(run)
            path = folder / f"{kept.name}.json.gz"
            if path.exists():
                self.stdout.write(f"kept   {path}")
                continue
            kept.write(path)
            self.stdout.write(f"wrote  {path}")

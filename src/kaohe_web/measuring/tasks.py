"""Large files of events are read beside the pages."""

from __future__ import annotations

from django_tasks import task

from kaohe_web.measuring.actions import read_file


@task()
def read_events(file_id: int) -> None:
    """Read one file."""
    read_file(file_id)

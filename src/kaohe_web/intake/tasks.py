"""Work beside the pages: an import taken in batch by batch, so that whatever was taken stays taken and the rest goes on."""

from __future__ import annotations

from django_tasks import task

from kaohe_web.intake.actions import take_batch


@task()
def take_in(import_id: int) -> None:
    """Take everything that is still waiting of an import."""
    while take_batch(import_id):
        pass

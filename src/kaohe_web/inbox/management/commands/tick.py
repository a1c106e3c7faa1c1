"""`python -m django tick`: what is due is told. A served site runs it every few minutes; more often does no harm."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from kaohe_web.inbox.reminding import send_letters, tick


class Command(BaseCommand):
    """Remind those who owe something near a deadline, and send letters."""

    help = "Remind those who owe something near a deadline, and send letters."

    def handle(self, *args: object, **options: object) -> None:
        """Tell how many were reminded and how many letters went out."""
        now = timezone.now()
        reminded, letters = tick(now), send_letters(now)
        if reminded or letters:
            self.stdout.write(f"{reminded} reminded, {letters} letters")

"""Notices: what waits for somebody or has happened; a kind, a place to go, never a figure."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """One line in somebody's inbox."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="notices")
    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, null=True)
    kind = models.CharField(max_length=32)
    link = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

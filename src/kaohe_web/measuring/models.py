"""What a unit's events mean, and the files that came; the events themselves stay in the unit's workspace."""

from __future__ import annotations

from django.db import models


class DefinitionFile(models.Model):
    """A text of definitions: sources, accounts, measures. A file of the same name takes its place."""

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="definition_files")
    name = models.CharField(max_length=100)
    text = models.TextField()
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit", "name")
        constraints = (models.UniqueConstraint(fields=("unit", "name"), name="one_definition_file_a_name"),)


class EventFile(models.Model):
    """A file of raw events: who sent it, how far its reading is, and what came of it."""

    WAITING, READING, DONE, FAILED = "waiting", "reading", "done", "failed"

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="event_files")
    table = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    same_name = models.CharField(max_length=8, blank=True)
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="events/")
    state = models.CharField(max_length=8, default=WAITING)
    key = models.CharField(max_length=100, blank=True)
    taken = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)

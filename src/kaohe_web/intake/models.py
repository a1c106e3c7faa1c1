"""What an import is made of: its rows with what they replaced, and what headings were said to mean."""

from __future__ import annotations

from django.db import models


class ImportedRow(models.Model):
    """One row of a file that goes in: new, the same as what is there, or a change; once taken, with what it replaced."""

    NEW, SAME, CHANGED = "new", "same", "changed"

    source = models.ForeignKey("collect.Import", on_delete=models.CASCADE, related_name="lines")
    sheet = models.CharField(max_length=100)
    row = models.PositiveIntegerField()
    table = models.CharField(max_length=16)
    cells = models.JSONField()
    number = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    mends = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=8)
    counts = models.BooleanField(default=True)
    is_taken = models.BooleanField(default=False)
    fact = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)

    class Meta:
        ordering = ("source", "id")
        indexes = (models.Index(fields=("source", "is_taken")), models.Index(fields=("table", "number")))


class Meaning(models.Model):
    """What a heading of a table, or a sheet's name, was said to mean under a scheme; used again for the next file."""

    scheme = models.ForeignKey("library.Scheme", on_delete=models.CASCADE, related_name="meanings")
    table = models.CharField(max_length=100, blank=True)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scheme", "table", "heading"), name="one_meaning_a_heading"),)

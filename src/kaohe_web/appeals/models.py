"""An appeal: against one item, record or rating of a published result, with words and files; and its decision."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Appeal(models.Model):
    """What a subject holds against a result, and what became of it."""

    class Target(StrEnum):
        """What an appeal is about."""

        ITEM = "item"
        RECORD = "record"
        RATING = "rating"
        VALUE = "value"

    class State(StrEnum):
        """What became of an appeal."""

        OPEN = "open"
        UPHELD = "upheld"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    result = models.ForeignKey("results.Result", on_delete=models.PROTECT, related_name="appeals")
    item = models.CharField(max_length=64, blank=True)
    target = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Target])
    ref = models.CharField(max_length=64, blank=True)
    words = models.TextField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State], default=State.OPEN)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="appeals")
    change = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.TextField(blank=True)
    run = models.ForeignKey("results.Run", on_delete=models.PROTECT, null=True, related_name="appeals")

    class Meta:
        ordering = ("-id",)


class AppealFile(models.Model):
    """A file that supports an appeal."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="appeals/")

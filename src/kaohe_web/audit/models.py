"""The chain of entries, and beside it what each said, which may be erased without breaking the chain."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act: salted hashes of the object before and after, chained to the entry before it. Never changed, never removed."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    round_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=64)
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("object_kind", "object_id")), models.Index(fields=("round_id", "number")))


class Content(models.Model):
    """What an entry's hashes were made of, with the salt; gone once it was erased."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="content")
    salt = models.CharField(max_length=64)
    actor = models.JSONField()
    reason = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    about = models.CharField(max_length=64, db_index=True)
    money = models.BooleanField(default=False)

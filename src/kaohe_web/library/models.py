"""Scheme versions. What a version says never changes; another text is another version."""

from __future__ import annotations

from django.db import models


class Scheme(models.Model):
    """A scheme through all its versions."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        ordering = ("code",)


class SchemeVersion(models.Model):
    """One text of a scheme, and the plan that the engine made of it."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    plan = models.TextField()
    digest = models.CharField(max_length=64)
    engine = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True)

    class Meta:
        ordering = ("scheme", "-number")
        constraints = (
            models.UniqueConstraint(fields=("scheme", "number"), name="one_version_a_number"),
            models.UniqueConstraint(fields=("scheme", "digest"), name="one_version_a_text"),
        )

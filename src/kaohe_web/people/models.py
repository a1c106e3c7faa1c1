"""People and what is dated about them: posts, attributes, rights."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


def during(day: date, until: date | None = None) -> Q:
    """What holds on some day from `day` to `until`."""
    return Q(since__lte=until or day) & (Q(until__isnull=True) | Q(until__gte=day))


class Unit(models.Model):
    """A part of the organisation; its parent is the part that it belongs to."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody who works here, by work number."""

    number = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    hired_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """In which unit and role somebody worked from when until when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person", "since")
        constraints = (models.UniqueConstraint(fields=("person", "since"), name="one_posting_a_day"),)


class Attribute(models.Model):
    """What else a scheme asks of a person, as written: a base salary, a level. Dated like a posting."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attributes")
    key = models.CharField(max_length=64)
    text = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person", "key", "since")
        constraints = (models.UniqueConstraint(fields=("person", "key", "since"), name="one_text_a_day"),)


class User(AbstractUser):
    """Somebody who signs in: a person, or an administrator who is none."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user")
    language = models.CharField(max_length=7, blank=True)
    must_change_password = models.BooleanField(default=False)


class Right(StrEnum):
    """What somebody may do beyond being appraised."""

    ADMIN = "admin"
    HR = "hr"
    LEAD = "lead"
    MANAGER = "manager"
    FINANCE = "finance"
    AUDITOR = "auditor"


class Grant(models.Model):
    """A right over a unit and all its parts, or over the whole company, from when until when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    right = models.CharField(max_length=16, choices=[(right.value, right.value) for right in Right])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("user", "right")

"""What scoring gave. A published run and all that belongs to it is never changed: the database itself refuses."""

from __future__ import annotations

from typing import Any

from django.db import models

from kaohe_web.results.freezing import Freezable, FrozenError


class Run(Freezable):
    """One scoring of a round: a preview, or, with a number, what was published; a later number corrects an earlier one."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="runs")
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT)
    version = models.PositiveIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(blank=True)
    plan = models.TextField()
    facts = models.BinaryField()
    engine = models.CharField(max_length=32)
    facts_digest = models.CharField(max_length=64)
    results_digest = models.CharField(max_length=64)
    complete = models.PositiveIntegerField()
    incomplete = models.PositiveIntegerField()
    others = models.PositiveIntegerField()
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ("round", "-id")
        constraints = (models.UniqueConstraint(fields=("round", "version"), name="one_run_a_version"),)


class Result(Freezable):
    """One subject's figures: exact as text, as reported, and a key to sort by that the engine gave."""

    seal = "run__version"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="results")
    subject = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    participant = models.ForeignKey("rounds.Participant", on_delete=models.PROTECT, null=True, related_name="results")
    status = models.CharField(max_length=64)
    why = models.TextField(blank=True)
    why_en = models.TextField(blank=True)
    total = models.CharField(max_length=200, blank=True)
    shown = models.CharField(max_length=64, blank=True)
    key = models.BigIntegerField(null=True)
    grade = models.CharField(max_length=64, blank=True)
    rank = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField(null=True)
    items = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    warnings = models.JSONField(default=list)

    class Meta:
        ordering = ("run", "key", "subject")
        constraints = (models.UniqueConstraint(fields=("run", "subject"), name="one_result_a_subject"),)


class PayLine(Freezable):
    """A named amount of money: whole fen, and the exact figure in yuan before it was reported."""

    seal = "result__run__version"

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="pay")
    line = models.CharField(max_length=64)
    fen = models.BigIntegerField()
    exact = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("result", "line"), name="one_amount_a_line"),)


class Card(Freezable):
    """A subject's scorecard with its whole explanation, in one language; what tells of money is kept apart."""

    seal = "result__run__version"

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="cards")
    language = models.CharField(max_length=2)
    body = models.BinaryField()
    money = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("result", "language"), name="one_card_a_language"),)


class GivenOnceQuerySet(models.QuerySet[Any]):
    """Confirmations: added, and nothing else."""

    def update(self, **values: Any) -> int:
        """Refused."""
        raise FrozenError(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise FrozenError(self.model)


class Acknowledgement(models.Model):
    """A subject has read and accepted a published result; given once."""

    objects = GivenOnceQuerySet.as_manager()

    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="acknowledgement")
    at = models.DateTimeField(auto_now_add=True)

    def save(self, *args: Any, **more: Any) -> None:
        """Write a new confirmation; refused for one that was given."""
        if not self._state.adding:
            raise FrozenError(type(self))
        super().save(*args, **more)

    def delete(self, *args: Any, **more: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise FrozenError(type(self))

"""What scoring gave. A published run and all that belongs to it is never changed: the database itself refuses."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
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


class Result(models.Model):
    """One subject's figures: exact as text, as reported, and a key to sort by that the engine gave."""

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


class PayLine(models.Model):
    """A named amount of money: whole fen, and the exact figure in yuan before it was reported."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="pay")
    line = models.CharField(max_length=64)
    fen = models.BigIntegerField()
    exact = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("result", "line"), name="one_amount_a_line"),)


class Card(models.Model):
    """A subject's scorecard with its whole explanation, in one language; what tells of money is kept apart."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="cards")
    language = models.CharField(max_length=2)
    body = models.BinaryField()
    money = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("result", "language"), name="one_card_a_language"),)


class Acknowledgement(models.Model):
    """A subject has read and accepted a published result."""

    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="acknowledgement")
    at = models.DateTimeField(auto_now_add=True)

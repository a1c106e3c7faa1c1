"""Facts of a round as they were written, each with who wrote it and where it came from; numbers are kept as text."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Import(models.Model):
    """One file brought into a round: known by its content, so that the same file twice changes nothing."""

    class State(StrEnum):
        """How far an import has come."""

        PREVIEW = "preview"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        UNDONE = "undone"
        FAILED = "failed"

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/")
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=[(one.value, one.value) for one in State], default=State.PREVIEW)
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT)

    class Meta:
        ordering = ("-id",)


class SetAside(models.Model):
    """A row that an import could not take: open until it is mended or somebody waives it with a reason."""

    class State(StrEnum):
        """What became of the row."""

        OPEN = "open"
        MENDED = "mended"
        WAIVED = "waived"

    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="set_aside")
    table = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    cells = models.JSONField()
    column = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=8)
    told = models.TextField()
    told_en = models.TextField()
    subject = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in State], default=State.OPEN)
    settled_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("source", "table", "row")


class Fact(models.Model):
    """What every fact has in common: its round, who wrote it, from which import and row."""

    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="+")
    row = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class ValueEntry(Fact):
    """A figure of the period, as it was written, of a person or a unit."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="values")
    subject = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    text = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "subject", "key"), name="one_value_a_key"),)


class Duty(models.Model):
    """A rating that somebody owes: who rates whom in which item, and as what."""

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="duties")
    item = models.CharField(max_length=64)
    subject = models.ForeignKey("rounds.Participant", on_delete=models.CASCADE, related_name="duties")
    rater = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="duties")
    relation = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subject", "item", "rater"), name="one_duty_a_rater"),)


class Rating(Fact):
    """A score that somebody gave; `counts` is no where it only stands beside the others (a self-assessment)."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="ratings")
    item = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    rater = models.CharField(max_length=64)
    relation = models.CharField(max_length=64, blank=True)
    call = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=64)
    counts = models.BooleanField(default=True)
    comment = models.TextField(blank=True)
    more = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "item", "subject", "rater", "counts", "relation", "call"), name="one_rating_a_rater"),
        )


class Record(Fact):
    """A dated record: a deduction, an award, a survey answer; `withdrawn` keeps it readable and takes it out of scoring."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    day = models.CharField(max_length=32, blank=True)
    cells = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    evidence = models.FileField(upload_to="evidence/", blank=True)
    withdrawn = models.BooleanField(default=False)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ("kind", "id")

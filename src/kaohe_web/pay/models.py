"""Pay sheets: entries of fen, gathered from published results and corrections; locked once paid."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from kaohe_web.results.freezing import Freezable


class PaySheet(Freezable):
    """What a unit pays on one occasion: the rounds' amounts and the differences of earlier ones."""

    seal = "locked_at"

    name = models.CharField(max_length=200)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)


class PayEntry(Freezable):
    """An amount on a sheet: what a result is due, or by how much a correction differs from what was paid before."""

    seal = "sheet__locked_at"

    class Kind(StrEnum):
        """Where an amount comes from."""

        DUE = "due"
        DIFFERENCE = "difference"

    sheet = models.ForeignKey(PaySheet, on_delete=models.PROTECT, related_name="entries")
    result = models.ForeignKey("results.Result", on_delete=models.PROTECT, related_name="entries")
    line = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Kind])
    due = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    fen = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("sheet", "result", "line"), name="one_entry_a_line"),)


class PayFormat(models.Model):
    """The company's own columns of exported pay sheets, in order: what each holds and what its heading says."""

    columns = models.JSONField(default=list)
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")

"""A round, who takes part, what was agreed, who approves, and until when each stage lasts."""

from __future__ import annotations

from django.db import models

from kaohe_web.rounds.stages import CHOICES, Stage


class Round(models.Model):
    """One period of one scheme version for one unit's people."""

    name = models.CharField(max_length=200)
    version = models.ForeignKey("library.SchemeVersion", on_delete=models.PROTECT, related_name="rounds")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="rounds")
    start = models.DateField()
    end = models.DateField()
    stage = models.CharField(max_length=16, choices=CHOICES, default=Stage.DRAFT)
    config = models.JSONField(default=dict)
    appeal_days = models.PositiveIntegerField(default=7)
    self_assessment = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="opened_rounds")

    class Meta:
        ordering = ("-end", "-id")


class Deadline(models.Model):
    """When a stage should be over, and when those concerned were last reminded."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="deadlines")
    stage = models.CharField(max_length=16, choices=CHOICES)
    at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at",)
        constraints = (models.UniqueConstraint(fields=("round", "stage"), name="one_deadline_a_stage"),)


class Participant(models.Model):
    """Somebody in a round, as the organisation knew her in the period: role, unit, attributes; frozen with the round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="participations")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT)
    role = models.CharField(max_length=64)
    attributes = models.JSONField(default=dict)
    told = models.JSONField(default=list)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("round", "person__number")
        constraints = (models.UniqueConstraint(fields=("round", "person"), name="one_participation_a_round"),)


class Approval(models.Model):
    """One step of the chain: who decides, whether this step sees money, and what was decided of which run."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="approvals")
    step = models.PositiveIntegerField()
    approver = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="approvals")
    sees_money = models.BooleanField(default=False)
    run = models.ForeignKey("results.Run", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("round", "step")
        constraints = (models.UniqueConstraint(fields=("round", "step"), name="one_approver_a_step"),)

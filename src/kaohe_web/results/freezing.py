"""What was published never changes: models and their managers refuse, and beneath them the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Q


class FrozenError(Exception):
    """Somebody tried to write a row that is frozen: published, or paid. A correction is a new version, made by `amend`."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(f"{model._meta.label} rows that were published or paid never change; a correction is a new version")


class FrozenQuerySet(models.QuerySet[Any]):
    """Rows of which the published ones are neither changed nor removed, nor joined by others."""

    def update(self, **values: Any) -> int:
        """Change rows, none of them published."""
        self._refuse()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove rows, none of them published."""
        self._refuse()
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **more: Any) -> list[Any]:
        """Add rows, none of them to what is published."""
        made = list(objs)
        refuse_additions(self.model, made)
        return super().bulk_create(made, *args, **more)

    def _refuse(self) -> None:
        if self.model._base_manager.filter(frozen_by(self.model), pk__in=self.order_by().values("pk")).exists():
            raise FrozenError(self.model)


class Freezable(models.Model):
    """A row that is frozen once the field that `seal` leads to is set: its own, or that of the row which it belongs to."""

    seal = "version"

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **more: Any) -> None:
        """Write the row; refused where it is published, or would join what is."""
        refuse_additions(type(self), [self])
        refuse_change(self)
        super().save(*args, **more)

    def delete(self, *args: Any, **more: Any) -> tuple[int, dict[str, int]]:
        """Remove the row; refused where it is published."""
        refuse_change(self)
        return super().delete(*args, **more)


def frozen_by(model: type[Freezable]) -> Q:
    """What tells a frozen row of a model."""
    return Q(**{f"{model.seal}__isnull": False})


def refuse_change(row: Freezable) -> None:
    """FrozenError where the row is published, whatever the copy in hand says."""
    if row.pk is not None and type(row)._base_manager.filter(frozen_by(type(row)), pk=row.pk).exists():
        raise FrozenError(type(row))


def refuse_additions(model: type[Freezable], rows: Sequence[Freezable]) -> None:
    """FrozenError where one of the rows would belong to a published run."""
    parent, _, rest = model.seal.partition("__")
    if not rest:
        return
    field = model._meta.get_field(parent)
    parents = {getattr(row, f"{parent}_id") for row in rows}
    above = field.related_model
    if above._base_manager.filter(frozen_by(above), pk__in=parents).exists():
        raise FrozenError(model)

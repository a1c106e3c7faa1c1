"""Taking in schemes: a text that compiles becomes a version, the same text again becomes nothing new."""

from __future__ import annotations

from django.db import transaction

from kaohe_web.audit.actions import record
from kaohe_web.engine.schemes import ENGINE, Read, read_scheme
from kaohe_web.library.models import Scheme, SchemeVersion


def take_in(text: str, by: object, file: str = "") -> tuple[SchemeVersion | None, Read]:
    """The version of a text, new or known; None with the problems where it cannot be right."""
    read = read_scheme(text, file)
    if read.problems:
        return None, read
    with transaction.atomic():
        scheme, _ = Scheme.objects.get_or_create(code=read.code, defaults={"name": read.name, "name_en": read.name_en})
        known = scheme.versions.filter(digest=read.digest).first()
        return known or _new(scheme, text, read, by), read


def _new(scheme: Scheme, text: str, read: Read, by: object) -> SchemeVersion:
    last = scheme.versions.order_by("-number").first()
    version = SchemeVersion.objects.create(
        scheme=scheme, number=1 if last is None else last.number + 1, text=text, plan=read.plan, digest=read.digest, engine=ENGINE, by=by
    )
    Scheme.objects.filter(pk=scheme.pk).update(name=read.name, name_en=read.name_en)
    record(by, "scheme.version", version, after={"scheme": scheme.code, "number": version.number, "digest": read.digest})
    return version

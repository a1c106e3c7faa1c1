"""Frozen rounds as files: what a published version was scored from and what came out, kept so that every later release recomputes it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from kaohe_web.engine.facts import Rows
from kaohe_web.engine.scoring import digest_of, score_rows
from kaohe_web.results.models import Run


@dataclass(frozen=True)
class FrozenRound:
    """One published version, whole: plan, facts, the digests and every figure."""

    name: str
    engine: str
    plan: str
    facts: Rows
    facts_digest: str
    results_digest: str
    figures: list[object]

    def differences(self) -> list[str]:
        """What a recomputation gives otherwise; nothing where every figure is the same."""
        scored, told = score_rows(self.plan, self.facts)
        if scored is None:
            return [one.say("en") for one in told]
        found = json.loads(json.dumps([outcome.figures for outcome in scored.outcomes]))
        wrong = [f"{mine} instead of {kept}" for mine, kept in zip(found, self.figures, strict=False) if mine != kept]
        if len(found) != len(self.figures):
            wrong.append(f"{len(found)} subjects instead of {len(self.figures)}")
        sealed = (
            (self.facts.digest, self.facts_digest),
            (scored.digest, self.results_digest),
            (digest_of(self.figures), self.results_digest),
        )
        return [*wrong, *(f"digest {mine} instead of {kept}" for mine, kept in sealed if mine != kept)]

    def write(self, path: Path) -> None:
        """The round as one packed file; equal rounds give equal bytes."""
        data = {**vars(self), "facts": vars(self.facts)}
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path.write_bytes(gzip.compress(text.encode(), mtime=0))

    @classmethod
    def read(cls, path: Path) -> FrozenRound:
        """The round that `write` wrote."""
        data = json.loads(gzip.decompress(path.read_bytes()))
        return cls(**{**data, "facts": Rows(**data["facts"])})


def frozen_round(run: Run) -> FrozenRound:
    """A published version as it is kept for later releases."""
    facts = Rows.read(run.facts)
    scored, _ = score_rows(run.plan, facts)
    assert scored is not None, "what was published can be scored"
    name = f"{run.round.version.scheme.code}-{run.round.end.isoformat()}-v{run.version}"
    return FrozenRound(name, run.engine, run.plan, facts, run.facts_digest, run.results_digest, [one.figures for one in scored.outcomes])

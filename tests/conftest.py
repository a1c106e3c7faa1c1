"""What all tests share: how hard hypothesis tries. No fixtures; those stand beside the tests that use them."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(str(Path(__file__).resolve().parents[1] / "out" / "cache" / "hypothesis"))

# No deadline: two workers on a busy machine make any single example slow now and then, which says nothing about the code.
settings.register_profile("default", deadline=None, max_examples=60)
settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True, print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=3000, print_blob=True, suppress_health_check=[HealthCheck.too_slow])

if os.environ.get("KAOHE_SOAK") == "1":
    settings.load_profile("soak")
elif os.environ.get("CI"):
    settings.load_profile("ci")
else:
    settings.load_profile("default")

"""Corrections of what was published: facts that came late or were wrong, a rule put right; each by name, with a reason, as a new version."""

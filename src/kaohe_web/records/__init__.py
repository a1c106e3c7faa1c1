"""Dated records of people: conduct, awards, answers; written by who leads them, withdrawn with a reason, never removed."""

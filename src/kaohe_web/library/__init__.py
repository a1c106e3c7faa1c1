"""Schemes and their versions, as they were read and compiled."""

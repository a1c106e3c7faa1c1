"""Manners of speaking, a room a group: what each sounds like (`RULES`), and which readings come of what was said (`compose`)."""

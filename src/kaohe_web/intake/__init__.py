"""Data in: files of values, ratings and records, their preview, the rows set aside, and raw events that are measured."""

"""Engines beyond the embedded one, each a dialect and a class that asks: ClickHouse, Spark, PostgreSQL.

Each takes a connection that its owner has opened; no driver is imported here. The tables of events
stand there as the workspace keeps them: text, whole numbers scaled by their places, days, instants
in UTC without a zone, truths; and `_file` and `_row`.
"""

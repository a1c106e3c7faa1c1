"""From the statements of a cell to one reading of it, and to what has to be asked: one room a family of readings.

A composer takes a cell only if it can account for everything that was said there; what no composer takes is asked about.
"""

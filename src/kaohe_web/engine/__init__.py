"""The one door to `kaohe`: rows become facts, results become rows; nothing else of the site imports the engine.

Everything that comes out of here is text, whole numbers and plain data, ready for a database.
"""

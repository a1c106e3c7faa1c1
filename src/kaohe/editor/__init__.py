"""Help in an editor: the JSON Schema of a scheme file, with every part and key told in Chinese and English."""

from __future__ import annotations

from kaohe.editor.schema import editor_schema, schema_text
from kaohe.editor.wording import KeyWords, PartWords, default_of, parts_of_schemes, read_wording, words_of

__all__ = ["KeyWords", "PartWords", "default_of", "editor_schema", "parts_of_schemes", "read_wording", "schema_text", "words_of"]

"""What an editor says of each part and key of a scheme, from `keys.yaml`: name, meaning, examples, choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kaohe.documents import parse_document
from kaohe.problems import Place, refuse
from kaohe.scheme import Part
from kaohe.texts import Text

_WHOLE = re.compile(r"-?\d{1,9}")


@dataclass(frozen=True)
class KeyWords:
    """What a key is called and means, how it may be written, and what each word of a choice means."""

    name: Text
    says: Text
    examples: tuple[object, ...]
    options: Mapping[str, Text]


@dataclass(frozen=True)
class PartWords:
    """What a part is called and means, and its keys."""

    name: Text
    says: Text
    keys: Mapping[str, KeyWords]


@cache
def read_wording() -> dict[str, PartWords]:
    """Every part by the name of its model."""
    text = files("kaohe.editor").joinpath("keys.yaml").read_text(encoding="utf-8")
    tree, problems = parse_document(text, Place("keys.yaml"))
    refuse(problems)
    return {part: _part(_keyed(said)) for part, said in (tree or {}).items()}


def parts_of_schemes() -> dict[str, type[Part]]:
    """The models of all parts by name."""
    return {kind.__name__: kind for kind in _made_from(Part)}


def words_of(part: type[Part], key: str) -> KeyWords | None:
    """What is said of a key of a part, where the part or one that it is made from has such a key."""
    wording = read_wording()
    homes = [wording[kind.__name__].keys for kind in part.__mro__ if kind.__name__ in wording]
    return next((keys[key] for keys in homes if key in keys), None)


def default_of(part: type[Part], key: str, words: KeyWords) -> Text | None:
    """Which word of a choice, or of yes and no, holds where nothing is written."""
    found = next((field.default for name, field in part.model_fields.items() if key == (field.alias or name)), None)
    word = {True: "yes", False: "no"}[found] if isinstance(found, bool) else found
    known = isinstance(found, bool) or (isinstance(found, str) and found in words.options)
    return Text(f"默认 {word}。", f" Default: {word}.") if known else None


def _made_from(part: type[Part]) -> Iterator[type[Part]]:
    for kind in part.__subclasses__():
        yield kind
        yield from _made_from(kind)


def _part(said: Mapping[str, object]) -> PartWords:
    return PartWords(_text(said["name"]), _text(said["says"]), {key: _key(_keyed(words)) for key, words in _keyed(said["keys"]).items()})


def _key(said: Mapping[str, object]) -> KeyWords:
    options = {word: _text(meaning) for word, meaning in _keyed(said.get("options", {})).items()}
    several = said.get("examples", [said["example"]] if "example" in said else list(options)[:1])
    assert isinstance(several, list)
    return KeyWords(_text(said["name"]), _text(said["says"]), tuple(_plain(example) for example in several), options)


def _plain(example: object) -> object:
    """An example as an editor reads it: whole numbers as numbers, everything else as text."""
    if isinstance(example, dict):
        return {key: _plain(value) for key, value in example.items()}
    if isinstance(example, list):
        return [_plain(value) for value in example]
    return int(example) if isinstance(example, str) and _WHOLE.fullmatch(example) else example


def _keyed(said: object) -> dict[str, object]:
    assert isinstance(said, dict)
    return said


def _text(said: object) -> Text:
    return Text.read(str(said))

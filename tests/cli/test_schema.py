"""`kaohe schema` writes what editors need, from an installed package as from a checkout."""

from __future__ import annotations

import json

from kaohe.editor import schema_text


def test_the_schema_is_printed_or_written_as_it_stands_in_the_reference(house):
    printed = house.run("schema")
    assert (printed.code, printed.out) == (0, schema_text())
    file = house.folder / "editing" / "scheme.schema.json"
    written = house.run("schema", "-o", file, "--lang", "zh")
    assert written.code == 0
    assert file.read_text(encoding="utf-8") == schema_text()
    assert f"# yaml-language-server: $schema={file.as_posix()}" in written.err


def test_it_is_written_anew_over_an_older_one(house):
    file = house.write("scheme.schema.json", "{}")
    assert house.run("schema", "-o", file, "--json").data == {"written": [file]}
    assert json.loads((house.folder / "scheme.schema.json").read_text(encoding="utf-8"))["title"] == "考核方案 | An appraisal scheme"


def test_a_place_where_nothing_can_be_written_is_told(house):
    said = house.run("schema", "-o", house.write("taken", "a file where a folder is wanted") + "/scheme.schema.json")
    assert said.code == 1
    assert "taken  C010  cannot be read or written" in said.err

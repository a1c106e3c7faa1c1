"""The ready measures at the shell: listed, found by words in either language, shown in full."""

from __future__ import annotations

import json

import yaml

from kaohe.measuring.presets import read_presets


def test_all_are_listed_with_their_versions(house):
    told = house.run("measures", "--lang", "zh")
    assert told.code == 0
    assert "tmall_average_reply_seconds@2022" in told.out
    assert f"共 {len(read_presets().measures)} 个" in told.out


def test_words_find_them_whatever_their_width(house):
    found = json.loads(house.run("measures", "ＣＳＡＴ　满意", "--json").out or "{}")
    assert found["measures"] == []
    found = json.loads(house.run("measures", "满意率", "--json").out)
    assert [one["id"] for one in found["measures"]] == ["satisfied_share", "dissatisfied_share"]


def test_one_is_shown_with_the_table_that_it_derives(house):
    told = yaml.safe_load(house.run("measures", "average_reply_seconds").out)
    assert told["measures"]["average_reply_seconds"]["kind"] == "mean"
    assert told["derived"]["rounds"]["rounds"]["of"] == "messages"

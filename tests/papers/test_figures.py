"""Figures for the eye: rounded half-up to four places and never further, aligned, and places on axes as whole numbers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.numbers import round_number, terminates
from kaohe.papers.figures import LENGTH, length, money, period_mark, period_words, places_of, read_shown, shown
from kaohe.papers.scales import FEWEST_TO_SHOW, Graded, Scale, spread_of
from kaohe.papers.sentences import closed_up, percent, true_minus
from kaohe.papers.writing import file_name
from kaohe.rules.bands import Band

figures = st.fractions(min_value=-200, max_value=200, max_denominator=5000)
edges = st.lists(st.integers(1, 199).map(lambda edge: Fraction(edge, 2)), unique=True, max_size=4).map(sorted)


@given(figures)
def test_a_shown_figure_is_the_figure_rounded_half_up_to_four_places(value):
    assert read_shown(shown(value)) == round_number(value, Fraction(1, 10**4))


@given(figures, st.integers(0, 6))
def test_a_shown_figure_has_the_decimals_it_was_asked_for(value, places):
    assert len(shown(value, places).partition(".")[2]) == places
    assert read_shown(shown(value, places)) == round_number(value, Fraction(1, 10**places))


@given(st.fractions(min_value=-(10**7), max_value=10**7, max_denominator=100))
def test_an_amount_of_cents_is_shown_whole(value):
    cents = round_number(value, Fraction(1, 100))
    assert read_shown(money(cents).replace(",", "")) == cents
    assert money(cents)[-3] == "."


@given(figures, figures)
def test_a_length_never_leaves_its_axis(value, whole):
    assert 0 <= length(value, whole) <= LENGTH


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        ((2026, 3, 1), (2026, 3, 31), "2026年3月", "March 2026"),
        ((2026, 7, 1), (2026, 9, 30), "2026年第三季度", "Quarter 3 of 2026"),
        ((2026, 1, 1), (2026, 6, 30), "2026年上半年", "First half of 2026"),
        ((2026, 1, 1), (2026, 12, 31), "2026年", "2026"),
        ((2026, 2, 21), (2026, 3, 20), "2026年2月21日至3月20日", "21 February to 20 March 2026"),
        ((2025, 12, 21), (2026, 1, 20), "2025年12月21日至2026年1月20日", "21 December 2025 to 20 January 2026"),
        ((2026, 2, 1), (2026, 4, 30), "2026年2月1日至4月30日", "1 February to 30 April 2026"),
    ],
)
def test_a_period_is_called_what_people_call_it(start, end, zh, en):
    assert (period_words(date(*start), date(*end), "zh"), period_words(date(*start), date(*end), "en")) == (zh, en)


def test_a_period_in_a_chart_is_marked_by_its_unit():
    day = date(2026, 6, 30)
    assert [period_mark(day, unit) for unit in ("month", "quarter", "half_year", "year", "any")] == [
        "2026-06",
        "26Q2",
        "26H1",
        "2026",
        "06-30",
    ]


# --- distributions --------------------------------------------------------------------------------


def scale_of(cuts, closed_above):
    """A scale with a band between each edge and the next; an edge belongs to the band above it, or below."""
    side = "from" if closed_above else "above"
    names = [f"g{place}" for place in range(len(cuts) + 1)]
    rows = [*((name, Band(((side, cut),))) for name, cut in zip(reversed(names[1:]), reversed(cuts), strict=True)), (names[0], Band(()))]
    ends = [None, *cuts, None]
    bands = [Graded(name, low, high) for name, low, high in zip(names, ends, ends[1:], strict=False)]
    return Scale(Fraction(0), Fraction(100), tuple(bands), tuple(rows))


@given(st.lists(st.integers(0, 400).map(lambda total: Fraction(total, 4)), min_size=FEWEST_TO_SHOW, max_size=60), edges, st.booleans())
def test_every_total_is_in_one_bar_and_no_bar_holds_totals_of_two_grades(totals, cuts, closed_above):
    scale = scale_of(cuts, closed_above)
    spread = spread_of(totals, scale)
    assert sum(bar.count for bar in spread.bars) == len(totals) == spread.of
    assert [one.high for one in spread.bars[:-1]] == [other.low for other in spread.bars[1:]]
    for total in totals:
        own = next(bar for bar in spread.marked(total).bars if bar.mine)
        assert own.low <= total <= own.high
        inside = [other for other in totals if next(bar for bar in spread.marked(other).bars if bar.mine).low == own.low]
        near = [cut for cut in cuts if cut in spread.edges]
        assert not [cut for cut in near if own.low < cut < own.high]
        if len(near) == len(cuts):
            assert len({scale.grade(other) for other in inside}) == 1


@pytest.mark.parametrize("closed_above", [True, False])
def test_totals_on_the_edges_at_either_end_keep_to_their_own_side(closed_above):
    scale = scale_of([Fraction(60), Fraction(80)], closed_above)
    spread = spread_of([Fraction(60), Fraction(61), Fraction(79), Fraction(79), Fraction(80)], scale)
    bars = [next(bar for bar in spread.marked(Fraction(total)).bars if bar.mine) for total in (60, 61, 79, 80)]
    assert [(bar.low < 60, bar.high > 80) for bar in bars] == [
        (not closed_above, False),
        (False, False),
        (False, False),
        (False, closed_above),
    ]


@given(st.lists(figures, max_size=FEWEST_TO_SHOW - 1))
def test_fewer_than_five_totals_have_no_distribution(totals):
    assert spread_of(totals, Scale(None, None, (), ())) is None


def test_equal_totals_make_one_bar():
    spread = spread_of([Fraction(80)] * 6, Scale(None, None, (), ()))
    assert [bar.count for bar in spread.bars if bar.count] == [6]


# --- words ----------------------------------------------------------------------------------------


@given(st.fractions(min_value=0, max_value=2, max_denominator=400))
def test_a_share_is_shown_as_a_percentage_of_two_decimals_at_most(value):
    assert read_shown(percent(value).removesuffix("%")) == round_number(value * 100, Fraction(1, 100))


def test_chinese_words_are_set_without_blanks_beside_figures():
    assert closed_up("满意率 98.5%，有 3 次；Excel 表 −5 分") == "满意率98.5%，有3次；Excel表−5分"


def test_a_minus_is_a_minus_and_a_hyphen_a_hyphen():
    assert true_minus("100 - 5 × (-2) = -3, e-mail, 2026-03-31") == "100 − 5 × (−2) = −3, e-mail, 2026-03-31"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("e1-张三", "e1-张三"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("..", "_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con", "_con"),
        ("LPT1.pdf", "_LPT1.pdf"),
        ("名" * 300, "名" * 80),
        ("tab\tnew\nline\x00", "tab_new_line_"),
        ("trailing. ", "trailing"),
    ],
)
def test_a_file_name_is_one_that_every_system_allows(text, name):
    assert file_name(text) == name


@given(st.text(max_size=120))
def test_no_text_makes_a_file_name_that_leaves_its_folder(text):
    name = file_name(text)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name not in (".", "..")
    assert len(name) <= 81


@given(figures)
def test_places_are_those_that_a_figure_has_and_four_at_most(value):
    assert places_of(value) <= 4
    assert terminates(value) or places_of(value) == 4

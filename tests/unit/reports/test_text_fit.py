"""Fitting text: lines lose nothing, columns never ask for more than there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.printed.text_fit import fit_columns, office_width, squeezed, wrapped
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.xml_text import xml_text

WORDS = st.text(alphabet=st.sampled_from("涨跌幅GPU 租赁08.5%，。（）-+abc"), max_size=80)


@given(WORDS, st.floats(20, 400))
def test_wrapping_loses_no_letter(text: str, width: float) -> None:
    joined = "".join(wrapped(text, width, 10))
    assert joined.replace(" ", "") == text.replace(" ", "")


@given(WORDS, st.floats(30, 400))
def test_no_line_is_wider_than_asked_but_for_closing_marks(text: str, width: float) -> None:
    for line in wrapped(text, width, 10):
        assert office_width(line.rstrip("，。）%.-+"), 10) <= width


@given(WORDS)
def test_no_line_starts_with_a_closing_mark(text: str) -> None:
    for line in wrapped(text.lstrip("，。）%. "), 60, 10)[1:]:
        assert line[0] not in "，。）"


@given(st.text())
def test_xml_text_is_one_line_that_xml_holds(text: str) -> None:
    forbidden = "\x7f\ufffe\uffff"
    assert all(ord(letter) >= 32 and letter not in forbidden for letter in xml_text(text))


@pytest.fixture(scope="module")
def printed(module_release: Callable[..., ReleaseReader]) -> PrintedPack:
    return compose(load_pack("galaxy-weekly"), module_release())


def test_columns_share_exactly_the_width(printed: PrintedPack) -> None:
    for table in printed.tables:
        fit = fit_columns(table, 700, (9, 8), 8)
        assert fit is not None
        assert fit.total == pytest.approx(700)


def test_no_number_date_or_code_is_broken(printed: PrintedPack) -> None:
    for table in printed.tables:
        fit = fit_columns(table, 700, (9, 8), 8)
        assert fit is not None
        for row in table.rows:
            for cell, header, width in zip(row.cells, table.headers, fit.widths):
                if header.style.kind != "text":
                    assert office_width(cell.text + cell.mark, fit.size) <= width - 8


def test_table_that_cannot_fit_is_told_and_squeezed(printed: PrintedPack) -> None:
    table = max(printed.tables, key=lambda table: len(table.headers))
    assert fit_columns(table, 60, (9, 8), 8) is None
    assert squeezed(table, 60, 8, 8).total == pytest.approx(60)

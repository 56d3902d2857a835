"""The last sheets: 底稿 with every printed number's origin, 来源 with what was loaded.

The release knows loads by mart: those of 底稿 are the loads of the datasets behind the mart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from yanbao.reporting.reading.origins import Load, Origin
from yanbao.reporting.styling.formatting import plain_text, to_decimal
from yanbao.reporting.styling.vocabulary import EVERYTHING_KNOWN, SOURCE_MODES
from yanbao.reporting.workbook.stored_values import FIRST_ROW
from yanbao.reporting.workbook.xlsx_book import HEADER_ROW, SOURCES, Book, TraceLine, link_to

WORKING_PAPER_HEADERS = (
    "单元格", "所在", "行", "列标题", "印出", "原始值", "算法", "数据表", "行键", "列", "指标",
    "指标版本", "报告日", "知悉截至", "来源", "来源方式", "装载编号（按数据表）",
)  # fmt: skip
_WIDTHS = (20, 34, 22, 22, 14, 18, 16, 24, 30, 22, 20, 8, 12, 14, 22, 10, 60)
_RAW, _ORIGIN = 5, 14
# A worksheet holds 65,530 links; the rest of a longer paper is plain text.
_LINKS = 30_000
_LOADS_NAMED = 3
_LOADS_LISTED = 60
REDISTRIBUTION = {"allowed": "可对外", "ask": "须先征得同意", "internal": "仅供内部"}


def write_working_paper(book: Book, sheet: Any) -> None:
    """One row per printed number, in the order of the sheets."""
    sheet.write_row(0, 0, WORKING_PAPER_HEADERS, book.header(text_wrap=True))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(book.traces), 1), len(WORKING_PAPER_HEADERS) - 1)
    _set_up(book, sheet, 0, _WIDTHS)
    origins = {
        mart: book.pack.origins.of(mart) for mart in {line.trace.mart for line in book.traces}
    }
    for row, line in enumerate(book.traces, start=1):
        _write_line(book, sheet, row, line, origins[line.trace.mart])


def _write_line(book: Book, sheet: Any, row: int, line: TraceLine, origin: Origin) -> None:
    plain, manifest, trace = book.format(), book.pack.manifest, line.trace
    cell = xl_rowcol_to_cell(*line.place)
    texts = (
        f"{line.sheet}!{cell}", line.item, line.row_name, line.column_name, trace.text, "",
        line.how, trace.mart, trace.row_key, trace.column, trace.label, trace.metric_version,
        manifest.as_of.isoformat(), manifest.known_at or EVERYTHING_KNOWN,
        "、".join(origin.sources), SOURCE_MODES.get(manifest.source_mode, manifest.source_mode),
        _load_ids(origin.loads),
    )  # fmt: skip
    sheet.write_row(row, 0, texts, plain)
    if row <= _LINKS:
        sheet.write_url(row, 0, link_to(line.sheet, cell), book.link(), texts[0])
        place = book.places[f"{SOURCES} {trace.mart}"]
        if texts[_ORIGIN]:
            sheet.write_url(row, _ORIGIN, place, book.link(), texts[_ORIGIN])
    number = to_decimal(trace.raw)
    if number is None:
        sheet.write_string(row, _RAW, plain_text(trace.raw), plain)
    else:
        sheet.write_number(row, _RAW, float(number), plain)


def _load_ids(loads: Sequence[Load]) -> str:
    newest = [load.load_id for load in loads][-_LOADS_NAMED:]
    more = len(loads) - len(newest)
    return "、".join(newest) + (f" 等 {len(loads)} 次，见“{SOURCES}”" if more > 0 else "")


def write_sources(book: Book, sheet: Any) -> None:
    """Which datasets and sources stand behind each mart, and the loads of each dataset."""
    book.head(sheet, "来源与装载")
    sheet.write_row(
        HEADER_ROW, 0, ("数据表", "数据集", "来源", "对外分发", "说明"), book.header()
    )
    marts = dict.fromkeys(line.trace.mart for line in book.traces)
    origins = [book.pack.origins.of(mart) for mart in marts]
    row = FIRST_ROW
    for origin in origins:
        texts = (
            origin.mart, "、".join(origin.datasets), "、".join(origin.sources),
            REDISTRIBUTION.get(origin.redistribution, origin.redistribution),
            "；".join(origin.reasons),
        )  # fmt: skip
        sheet.write_row(row, 0, texts, book.format())
        row += 1
        book.places[f"{SOURCES} {origin.mart}"] = link_to(SOURCES, f"A{row}")
    row += 1
    titles = (
        "数据集", "装载编号", "来源", "对外分发", "说明", "函数", "文件", "完成时间 (UTC)",
        "行数", "SHA-256",
    )  # fmt: skip
    sheet.write_row(row, 0, titles, book.header())
    for cells in _load_rows(book, origins):
        row += 1
        sheet.write_row(row, 0, cells, book.format())
    _set_up(book, sheet, HEADER_ROW, (26, 40, 20, 14, 44, 24, 28, 20, 10, 66))


def _load_rows(book: Book, origins: Sequence[Origin]) -> Iterator[tuple[str, ...]]:
    """The newest loads of each dataset; names of analysts' files and the firm's
    contracts stay inside the firm."""
    by_dataset: dict[str, dict[str, Load]] = {}
    for origin in origins:
        for load in origin.loads:
            by_dataset.setdefault(load.dataset, {})[load.load_id] = load
    for dataset, loads in sorted(by_dataset.items()):
        ordered = [load for _, load in sorted(loads.items(), reverse=True)]
        for load in ordered[:_LOADS_LISTED]:
            allowed = REDISTRIBUTION.get(load.redistribution, load.redistribution)
            licence = f"（{load.licence}）" if load.licence else ""
            yield (
                dataset, load.load_id, load.source, allowed,
                f"{load.redistribution_reason}{licence}" if book.is_live else "",
                load.function, load.original_name if book.is_live else "",
                load.finished_at[:19], load.rows or "0", load.sha256,
            )  # fmt: skip
        if len(ordered) > _LOADS_LISTED:
            yield (dataset, f"另有 {len(ordered) - _LOADS_LISTED} 次更早的装载")


def _set_up(book: Book, sheet: Any, header: int, widths: Sequence[int]) -> None:
    book.set_up_list(sheet, header, widths)
    sheet.set_tab_color(book.pack.house.colours.flat)

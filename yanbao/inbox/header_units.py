"""A header taken apart: its name, its unit and a terminal's parameters below it."""

from __future__ import annotations

import re
import unicodedata

from yanbao.inbox.units import is_unit

_TAG = re.compile(r"\s*[\[【]([^\[\]【】]+)[\]】]\s*([^\s\[【][^\[【]*)")
_HEADER_UNIT = re.compile(
    r"(?P<base>.*?)(?:[（(【]\s*(?:单位[:：])?(?P<bracketed>[^()（）【】]+?)\s*[)）】]"
    r"|(?P<percent>[%‰]))\s*$",
    re.DOTALL,
)
# A unit behind a name without brackets: what is counted has to be said, 成交额_万元.
_BARE_UNIT = re.compile(
    r"(?P<base>.+?)[\s_:：/|-]*(?P<unit>(?:人民币|美元|港元|港币)?[百千十]?[万亿百千]"
    r"(?:元|美元|港元|港币|股|手|次|人次|人民币))\s*"
)
_SPOKEN_UNIT = re.compile(
    r"(?P<base>.+?)[\s_:|,-]+(?:in\s+)?(?P<unit>(?:(?:rmb|cny|usd|hkd|us\$|hk\$)\s*)?"
    r"(?:mn|mln|bn|thousands?|millions?|billions?|'000s?))\s*",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[（(【]\s*(?:单位[:：])?(?P<unit>[^()（）【】]+?)\s*[)）】]")
_BETWEEN = re.compile(r"[,，、;；|/\s]+")


def folded(header: str) -> str:
    """A header without what differs from export to export: width, case, white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).casefold()


def tags_of(header: str) -> tuple[str, dict[str, str]]:
    """A terminal's header without the parameters below its name, and these by name:
    ``净利润 [报告期] 20240930 [单位] 元``."""
    tags = {tag[1].strip(): tag[2].strip() for tag in _TAG.finditer(header)}
    return (_TAG.sub("", header).strip() if tags else header), tags


def split_header(header: str) -> tuple[str, str | None]:
    """A header without its unit, and the unit: ``净利润(万元)`` → ``净利润``, ``万元``.

    A unit may stand with other words (``(万元，合并)``), before others (``(亿元)(调整)``),
    first or without brackets. A last bracket that holds no unit is taken for one nobody knows.
    """
    header, tags = tags_of(header)
    if "单位" in tags:
        return split_header(header)[0], tags["单位"]
    match = _HEADER_UNIT.fullmatch(header)
    if match is None:
        return _loose_unit(header)
    base, unit = match["base"].strip(), (match["bracketed"] or match["percent"]).strip()
    if is_unit(unit):
        return base, unit
    within = [word for word in _BETWEEN.split(unit) if word and is_unit(word)]
    if within:
        return base, within[0]
    inner, found = split_header(base)
    if found and is_unit(found):
        return inner + header[match.end("base") :], found
    return base, unit


def _loose_unit(header: str) -> tuple[str, str | None]:
    """A unit that no bracket at the end marks."""
    for pattern in (_BARE_UNIT, _SPOKEN_UNIT):
        match = pattern.fullmatch(header)
        if match and is_unit(match["unit"]):
            return match["base"].strip(), match["unit"].strip()
    for match in _BRACKET.finditer(header):
        if is_unit(match["unit"]):
            return f"{header[: match.start()]}{header[match.end() :]}".strip(), match["unit"]
    return header, None

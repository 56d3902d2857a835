"""What may be passed on: terms of sources, files and the team, and the strictest of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yanbao.base.errors import UsageError
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.catalog.terms import Terms, strictest
from yanbao.inbox.mapping_file import parse_mapping
from yanbao.intake.landing import land_file
from yanbao.raw.load import Load, StoredLoad
from yanbao.releases.provenance import mart_sources, sources_served
from yanbao.releases.redistribution import dataset_terms, read_own_terms, terms_of, with_terms
from yanbao.sources import SOURCES
from yanbao.sources.terms import SOURCE_TERMS


def load(dataset: str, source: str, **arguments: Any) -> StoredLoad:
    record = Load(
        f"{source}-{dataset}", source, dataset, "f", "ok", "2024-10-31", "2024-10-31",
        arguments=arguments,
    )  # fmt: skip
    return StoredLoad(record, Path(), "good")


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "redistribution.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_live_source_declares_terms_and_none_is_allowed_by_itself() -> None:
    modules = (PROJECT_ROOT / "yanbao" / "sources").glob("*.py")
    upstreams = {path.stem for path in modules if "FETCHES = (" in path.read_text("utf-8")}
    assert {fetch.source for fetch in SOURCES} == upstreams == set(SOURCE_TERMS)
    assert {terms.permission for terms in SOURCE_TERMS.values()} <= {"ask", "internal"}
    assert all(terms.reason for terms in SOURCE_TERMS.values())


def test_a_file_stays_in_the_house_unless_its_mapping_says_otherwise() -> None:
    assert terms_of(load("funding_rounds", "inbox"), {}).permission == "internal"
    said = {"permission": "allowed", "reason": "自有整理", "licence": ""}
    mapped = load("funding_rounds", "inbox", redistribution=said)
    assert terms_of(mapped, {}) == Terms("allowed", "自有整理")


def test_sample_data_may_be_passed_on() -> None:
    assert terms_of(load("pools", "sample"), {}).permission == "allowed"


def test_a_source_that_nobody_declared_stays_in_the_house() -> None:
    assert terms_of(load("funds", "unheard_of"), {}).permission == "internal"


def test_the_desks_word_about_a_dataset_stands_before_that_about_its_source(
    tmp_path: Path,
) -> None:
    desk = read_own_terms(
        write(
            tmp_path,
            "safe: {permission: allowed, reason: 已书面确认}\n"
            "inbox/web_traffic: {permission: allowed, reason: 协议, licence: 合同 2024-017}\n"
            "inbox: {permission: ask, reason: 逐项确认}\n",
        )
    )
    assert terms_of(load("fx_fixings", "safe"), desk).permission == "allowed"
    assert terms_of(load("web_traffic", "inbox"), desk).licence == "合同 2024-017"
    assert terms_of(load("funds", "inbox"), desk).permission == "ask"


def test_no_file_of_the_desk_means_no_word_of_it(tmp_path: Path) -> None:
    assert read_own_terms(tmp_path / "redistribution.yml") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("eastmony: {permission: ask, reason: x}", "no source is called 'eastmony'"),
        ("inbox/fundz: {permission: ask, reason: x}", "no dataset is called 'fundz'"),
        (
            "safe: allowed",
            "safe: a mapping is expected here → its keys are permission",
        ),
        ("safe: {permission: yes, reason: x}", "safe.permission: no permission is called True"),
        ("safe: {permission: allowed}", "safe: the key 'reason' is missing"),
        ("safe: {permision: allowed, reason: x}", "safe: no key is called 'permision'"),
        ("safe: {permission", "redistribution.yml:1: expected"),
        ("- safe", "a mapping is expected here"),
    ],
)
def test_a_mistake_in_the_desks_terms_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_own_terms(write(tmp_path, text))
    assert said in raised.value.line()
    assert "redistribution.yml" in raised.value.line()
    assert raised.value.hint


def test_a_mapping_carries_terms_and_its_mistakes_name_the_file() -> None:
    text = "dataset: funds\nredistribution: {permission: allowed, reason: 自有整理}\n"
    mapping = parse_mapping(text, "desk", where="desk.yml")
    assert mapping.terms == Terms("allowed", "自有整理")
    with pytest.raises(
        UsageError, match=r"desk\.yml.*redistribution: the key 'reason' is missing"
    ):
        parse_mapping(
            "dataset: funds\nredistribution: {permission: ask}\n", "desk", where="desk.yml"
        )


def test_the_strictest_load_decides_about_its_dataset() -> None:
    free, closed = Terms("allowed", "a"), Terms("internal", "c")
    assert strictest([free, Terms("ask", "b"), closed]) == closed
    loads = with_terms([load("fx_fixings", "sample"), load("fx_fixings", "safe")], {})
    assert dataset_terms(loads)["fx_fixings"] == {
        "dataset_label": "人民币中间价",
        "redistribution": "ask",
        "redistribution_note": "人民币中间价（safe：官方公布，对外引用前须确认来源条款）",
    }


def test_a_mart_carries_the_terms_of_each_dataset_behind_it() -> None:
    stored = [load("fx_fixings", "inbox"), load("funds", "sample")]
    lineage = [("rates_fx", "fx_fixings"), ("theme_fund_returns", "funds")]
    rows = mart_sources(sources_served(stored), lineage, dataset_terms(with_terms(stored, {})))
    assert {row["mart"]: row["redistribution"] for row in rows} == {
        "rates_fx": "internal",
        "theme_fund_returns": "allowed",
    }


def test_the_load_of_a_file_keeps_the_terms_of_its_mapping(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    settings.make_folders()
    header, *rows = (
        (PROJECT_ROOT / "sample_data" / "transcribed" / "fund_sizes.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    file = tmp_path / "fund_sizes.csv"
    file.write_text("\n".join((header, *rows[:3])), encoding="utf-8")
    text = "dataset: fund_sizes\nredistribution: {permission: allowed, reason: 自有整理}\n"
    mapping = parse_mapping(text, "desk", where="desk.yml")
    landed = land_file(settings, file, mapping=mapping)
    assert terms_of(landed.stored, {}) == Terms("allowed", "自有整理")
    (record,) = with_terms([landed.stored], {})
    assert record["redistribution"] == "allowed"

"""YAML that a user writes: one line says where a mistake is, what it is and what is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from yanbao.base.errors import PackError, UsageError
from yanbao.base.yaml_file import Internal, Text, Texts, YamlModel, check, parse_yaml, read_text


class Part(YamlModel):
    label: Text
    count: Annotated[int, Field(ge=1)] = 1
    colour: Literal["red", "green"] = "red"
    place: Internal[str] = ""


class Whole(YamlModel):
    parts: dict[str, Part] = Field(default={})
    names: Texts = ()
    is_new: bool = Field(default=False, alias="new")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("part: {}", "x.yml: no key is called 'part' → did you mean parts?"),
        ("is_new: true", "x.yml: no key is called 'is_new' → did you mean new?"),
        ("parts: {a: {label: x, place: y}}", "x.yml: parts.a: no key is called 'place' → did"),
        ("parts: {a: {}}", "x.yml: parts.a: the key 'label' is missing → add it"),
        ("parts: {a: 7}", "x.yml: parts.a: a mapping is expected here → its keys are label"),
        ("parts: [7]", "x.yml: parts: a mapping is expected here, not a list → write NAME:"),
        ("parts: {a: {label: ' '}}", "x.yml: parts.a.label: a text is expected, not ' '"),
        ("parts: {a: {label: }}", "x.yml: parts.a.label: a text is expected → write one"),
        ("parts: {a: {label: x, count: 0}}", "parts.a.count: a whole number ≥ 1 is expected"),
        ("parts: {a: {label: x, count: '2'}}", "a whole number is expected, not '2'"),
        ("parts: {a: {label: x, colour: gren}}", "no colour is called 'gren' → did you mean g"),
        ("names: [a, 7]", "x.yml: names[1]: a text is expected, not 7"),
        ("new: yes please", "x.yml: new: true or false is expected, not 'yes please'"),
        ("on: x", "x.yml: YAML reads on, off, yes and no as truth values → write 'on'"),
        ("names: a\nnames: b", "x.yml:2: the key 'names' is given twice → correct the YAML"),
        ("{[a]: b}", "x.yml:1: found unhashable key → correct the YAML"),
        ("a: b: c", "x.yml:1: mapping values are not allowed here → correct the YAML"),
        ("!!python/object:os.system {}", "x.yml:1: could not determine a constructor"),
    ],
)
def test_a_mistake_is_one_line_with_place_and_hint(text: str, line: str) -> None:
    with pytest.raises(PackError) as refused:
        check(Whole, parse_yaml(text, "x.yml", PackError), "x.yml", PackError)
    assert line in refused.value.line()
    assert "\n" not in refused.value.line()


def test_one_value_stands_for_a_list_of_one() -> None:
    whole = check(Whole, {"names": "a", "new": True}, "x.yml", PackError)
    assert (whole.names, whole.is_new) == (("a",), True)


def test_what_differs_may_follow_a_merge() -> None:
    text = (
        "parts: {a: &a {label: x, count: 2}, b: &b {<<: *a, label: y}, c: {<<: *b, count: 3}}"
    )
    whole = check(Whole, parse_yaml(text, "x.yml", PackError), "x.yml", PackError)
    assert whole.parts["c"] == Part(label="y", count=3)


def test_texts_stay_as_they_are_written() -> None:
    content = parse_yaml("a: 007\nb: 2024-10-31\nc:", "x.yml", PackError, as_texts=True)
    assert content == {"a": "007", "b": "2024-10-31", "c": ""}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a" * 1_100_000], ids=["bytes", "large"])
def test_a_file_that_is_no_short_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"x\.yml: the file .*text"):
        read_text(path, UsageError)


def test_the_schema_for_editors_knows_the_keys_and_nothing_internal() -> None:
    part = Whole.model_json_schema()["$defs"]["Part"]
    assert list(part["properties"]) == ["label", "count", "colour"]
    assert part["additionalProperties"] is False

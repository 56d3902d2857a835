"""The quality page of a release: every check of every gate, as one offline HTML file.

Nothing is fetched, nothing runs, every value is escaped. The three outcomes differ in
word, sign and colour, so that a check that did not happen is never read as bad data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from jinja2 import Environment, StrictUndefined

from yanbao.base.check_result import CheckResult, GateResult

GATES = ("raw", "release")  # the other checks are dbt, one subject per test
PASSED, WARNED, FAILED, UNCHECKED = "passed", "warned", "failed", "unchecked"
WORDS = {
    PASSED: ("✓", "Passed", "通过"),
    WARNED: ("!", "Warning", "提醒"),
    FAILED: ("✗", "Failed", "未通过"),
    UNCHECKED: ("?", "Could not check", "无法检查"),
}
ORDER = (UNCHECKED, FAILED, WARNED, PASSED)

TEMPLATE = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>质量报告 {{ release_id }}</title>
<style>
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: #1d2433;
       margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p.about { color: #5b6475; margin-top: .25rem; }
table { border-collapse: collapse; }
table.checks { table-layout: fixed; width: 100%; }
th, td { border-bottom: 1px solid #dde1e8; padding: .35rem .6rem; text-align: left;
         vertical-align: top; overflow-wrap: anywhere; }
th { color: #5b6475; font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.mark { border-radius: .25rem; display: inline-block; padding: 0 .5rem;
        white-space: nowrap; }
.passed { background: #dcebfb; color: #0b4a86; }
.warned { background: #fdf0c8; color: #6b4e00; }
.failed { background: #a4161a; color: #fff; }
.unchecked { background: #fff; color: #5a189a; outline: 2px dashed #5a189a; }
details { margin-top: .35rem; }
details { overflow-x: auto; }
details table { font-size: .85rem; }
ul.tally { list-style: none; padding: 0; display: flex; gap: 1rem; flex-wrap: wrap; }
</style>
</head>
<body>
{%- macro mark(state) -%}
<span class="mark {{ state }}">{{ words[state][0] }} {{ words[state][1] }}
 {{ words[state][2] }}</span>
{%- endmacro %}
<h1>质量报告 Quality report</h1>
<p class="about">{{ release_id }} · 报告日 as of {{ as_of }}</p>
<ul class="tally">
{%- for state in order %}
<li>{{ mark(state) }} {{ tally[state] }}</li>
{%- endfor %}
</ul>
{%- if parts %}
<h2>数据截至 Data through</h2>
<table>
<thead><tr><th>数据集 dataset</th><th>部分 part</th><th>截至 through</th><th>应有至 due</th>
<th>状态 state</th></tr></thead>
<tbody>
{%- for part in parts %}
<tr><td>{{ part.dataset_label }} {{ part.dataset }}</td><td>{{ part.part }}</td>
<td>{{ part.data_through }}</td><td>{{ part.due_on or "–" }}</td>
<td>{{ mark("warned" if part.is_stale else "passed") }} {{ part.stale_reason or "" }}</td></tr>
{%- endfor %}
</tbody>
</table>
{%- endif %}
{%- for section in sections %}
<h2>{{ section.gate.subject }} <small>({{ section.gate.gate }})</small>
 {{ mark(section.state) }}</h2>
{%- if section.rows %}
<table class="checks">
<colgroup>
{%- for share in (21, 21, 20, 31, 7) %}<col style="width: {{ share }}%">{% endfor -%}
</colgroup>
<thead><tr><th>结果 outcome</th><th>检查 check</th><th>应为 expected</th>
<th>实为 observed</th><th>行数 rows</th></tr></thead>
<tbody>
{%- for row in section.rows %}
<tr><td>{{ mark(row.state) }}</td><td>{{ row.result.check }}</td>
<td>{{ row.result.expected }}</td>
<td>{{ row.result.observed }}
{%- if row.state != "passed" %}
<details><summary>{{ row.result.message }}</summary>
{%- if row.result.sample %}
<table><thead><tr>
{%- for name in row.result.sample[0] %}<th>{{ name }}</th>{% endfor -%}
</tr></thead><tbody>
{%- for cells in row.result.sample %}
<tr>{% for cell in cells.values() %}<td>{{ cell }}</td>{% endfor %}</tr>
{%- endfor %}
</tbody></table>
{%- endif %}
</details>
{%- endif %}
</td>
<td class="number">{{ "{:,}".format(row.result.failing_rows) }}</td></tr>
{%- endfor %}
</tbody>
</table>
{%- else %}
<p>没有任何检查被执行 No check was evaluated.</p>
{%- endif %}
{%- endfor %}
</body>
</html>
"""


def render_quality_page(
    results: Sequence[GateResult],
    release_id: str,
    as_of: date | str,
    parts: Iterable[Mapping[str, Any]] = (),
) -> str:
    """The page as text; subjects in the given order, the worst checks of each first.

    ``parts`` are the rows of data_through: what ends too early stands first.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    sections = [_section(gate) for gate in results]
    states = Counter(_state(result) for gate in results for result in gate.results)
    states[UNCHECKED] += sum(not gate.results for gate in results)
    return environment.from_string(TEMPLATE).render(
        release_id=release_id,
        as_of=str(as_of),
        sections=sections,
        parts=sorted(parts, key=lambda part: not part["is_stale"]),
        tally=states,
        words=WORDS,
        order=ORDER,
    )


def sections_of(checks: Iterable[CheckResult]) -> list[GateResult]:
    """The checks by gate and subject; dbt's tests become one section."""
    sections: dict[tuple[str, str], list[CheckResult]] = {}
    for one in checks:
        place = (one.gate, one.subject if one.gate in GATES else one.gate)
        sections.setdefault(place, []).append(one)
    return [GateResult(*place, tuple(results)) for place, results in sections.items()]


def _section(gate: GateResult) -> dict[str, object]:
    rows = [{"result": result, "state": _state(result)} for result in gate.results]
    rows.sort(key=lambda row: ORDER.index(str(row["state"])))
    return {"gate": gate, "rows": rows, "state": _gate_state(gate)}


def _gate_state(gate: GateResult) -> str:
    """The worst state of its checks; without any, nobody knows."""
    return min(map(_state, gate.results), key=ORDER.index, default=UNCHECKED)


def _state(result: CheckResult) -> str:
    if result.outcome == "could_not_run":
        return UNCHECKED
    if result.outcome == "pass":
        return PASSED
    return WARNED if result.severity == "warn" else FAILED

"""The marts on Apache Spark: each is built there, and equals DuckDB's by content hash."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yanbao.base.settings import PROJECT_ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.spark,
    # Here and not in a fixture: the sample is not built for a test that is skipped.
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
        reason="needs the extra yanbao[spark], which make spark installs, and a Java",
    ),
]


def test_every_mart_of_the_sample_is_equal_on_spark(
    sample_home_template: Path, tmp_path: Path
) -> None:
    # In a process of its own, which ends with the JVM that it starts.
    done = subprocess.run(
        (sys.executable, "-m", "yanbao.spark", tmp_path, "--home", sample_home_template),
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DIFFERS" not in done.stdout

"""The worked example of docs/assembly.md does what the page says."""

import re
from pathlib import Path
from typing import Any

BLOCKS = re.findall(
    r"^```python\n(.*?)^```", Path("docs/assembly.md").read_text(encoding="utf-8"), re.S | re.M
)


def test_worked_example_runs() -> None:
    names: dict[str, Any] = {}
    assert len(BLOCKS) == 2
    for block in BLOCKS:
        exec(compile(block, "<docs/assembly.md>", "exec"), names)
    assert names["best"].value > names["even"].value

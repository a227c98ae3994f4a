"""The layers of house.md hold."""

import subprocess
import sys
from pathlib import Path

from config.embedded.places import PROJECT


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

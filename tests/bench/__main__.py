"""python -m tests.bench [NAME…]: prints one JSON line per figure of every module here that has `run`."""

import importlib
import json
import os
import pkgutil
import sys

import django

import tests.bench


def main(names: list[str]) -> None:
    """Run the named modules, or all of them; a module that fails ends the run with its traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    if unknown := set(names) - set(found):
        raise SystemExit(f"No such benchmark: {', '.join(sorted(unknown))}.")
    for name in names or found:
        if name.startswith("_"):
            continue
        run = getattr(importlib.import_module(f"tests.bench.{name}"), "run", None)
        for figure in run() if run else ():
            sys.stdout.write(json.dumps(figure, ensure_ascii=False) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

"""pytest plugin: makes sure that a PostgreSQL is there before Django reads its settings."""

import os

os.environ.setdefault("CHIZHENG_ENV", "test")

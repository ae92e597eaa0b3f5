"""Database engine: Django's SQLite with one fair queue of writers (see docs/decisions/0002)."""

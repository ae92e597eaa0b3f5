"""Two values of one key never hold on one day: exclusion constraints on PostgreSQL, triggers on SQLite."""

from django.db import migrations

TABLES = {"reference_parameter": ("pack", "key"), "reference_entry": ("pack", "list_key", "code")}


def refuse_overlaps(apps, schema_editor):
    for table, key in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            same = ", ".join(f"{column} WITH =" for column in key)
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_never_holds_twice EXCLUDE USING gist "
                f"({same}, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL)"
            )
        else:
            for event in ("INSERT", "UPDATE"):
                schema_editor.execute(_trigger(table, key, event))


def _trigger(table, key, event):
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return (
        f"CREATE TRIGGER {table}_never_holds_twice_{event.lower()} BEFORE {event} ON {table} "
        f"WHEN NEW.superseded_at IS NULL AND EXISTS (SELECT 1 FROM {table} WHERE {same} AND id IS NOT NEW.id "
        "AND superseded_at IS NULL AND (valid_to IS NULL OR valid_to > NEW.valid_from) "
        "AND (NEW.valid_to IS NULL OR NEW.valid_to > valid_from)) "
        f"BEGIN SELECT RAISE(ABORT, '{table}_never_holds_twice'); END"
    )


def allow_overlaps(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_never_holds_twice")
        else:
            for event in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER {table}_never_holds_twice_{event}")


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_initial")]
    operations = [migrations.RunPython(refuse_overlaps, allow_overlaps)]

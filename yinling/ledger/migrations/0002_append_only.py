"""The books are only ever added to: the database refuses to change or delete a transfer or a posting."""

from django.db import migrations

TABLES = ("ledger_posting", "ledger_transfer")
SENTENCE = "The ledger is only added to: reverse the transfer instead."

POSTGRESQL = """
CREATE OR REPLACE FUNCTION ledger_only_adds() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
"""


def add(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.format(sentence=SENTENCE))
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuses_{verb.lower()}"
            if vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_only_adds()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                )


def remove(apps, schema_editor):
    on = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_refuses_{verb}" + (f" ON {table}" if on else ""))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]

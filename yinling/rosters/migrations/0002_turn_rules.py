"""What the database itself refuses about turns: a user on two duties at once, a turn changed or reopened."""

import re

from django.db import migrations

SENTENCES = {
    "TWICE": "a_user_is_on_one_duty_at_a_time",
    "CHANGE": "a_turn_is_voided_and_never_changed",
}

# Instants are text on SQLite, with or without a fraction: n() pads them, so that touching spans do not overlap.
SQLITE = """
CREATE TRIGGER turn_is_sound BEFORE INSERT ON rosters_turn WHEN NEW.voided_at IS NULL BEGIN
  SELECT RAISE(ABORT, '{TWICE}') WHERE EXISTS (SELECT 1 FROM rosters_turn t
    WHERE t.user_id = NEW.user_id AND t.voided_at IS NULL
    AND n(t.starts_at) < n(NEW.ends_at) AND n(t.ends_at) > n(NEW.starts_at));
END;
CREATE TRIGGER turn_is_not_changed BEFORE UPDATE ON rosters_turn BEGIN
  SELECT RAISE(ABORT, '{CHANGE}') WHERE NEW.user_id <> OLD.user_id OR NEW.roster_id <> OLD.roster_id
    OR NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at OR NEW.shift_id IS NOT OLD.shift_id
    OR NEW.replaces_id IS NOT OLD.replaces_id OR NEW.recorded_at <> OLD.recorded_at
    OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS NOT OLD.voided_at);
END;
"""

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE rosters_turn ADD CONSTRAINT {TWICE}
  EXCLUDE USING gist (user_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (voided_at IS NULL);
CREATE FUNCTION rosters_turn_is_not_changed() RETURNS trigger AS $$
BEGIN
  IF (NEW.user_id, NEW.roster_id, NEW.starts_at, NEW.ends_at, NEW.shift_id, NEW.replaces_id, NEW.recorded_at)
      IS DISTINCT FROM
      (OLD.user_id, OLD.roster_id, OLD.starts_at, OLD.ends_at, OLD.shift_id, OLD.replaces_id, OLD.recorded_at)
      OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at) THEN
    RAISE EXCEPTION '{CHANGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER turn_is_not_changed BEFORE UPDATE ON rosters_turn
  FOR EACH ROW EXECUTE FUNCTION rosters_turn_is_not_changed();
"""

UNDO_SQLITE = """
DROP TRIGGER IF EXISTS turn_is_sound;
DROP TRIGGER IF EXISTS turn_is_not_changed;
"""

UNDO_POSTGRESQL = """
DROP TRIGGER IF EXISTS turn_is_not_changed ON rosters_turn;
DROP FUNCTION IF EXISTS rosters_turn_is_not_changed();
ALTER TABLE rosters_turn DROP CONSTRAINT IF EXISTS {TWICE};
"""


def _sentences(sql: str) -> str:
    for key, name in SENTENCES.items():
        sql = sql.replace("{" + key + "}", name)
    return sql


def _padded(sql: str) -> str:
    """n(column) as SQLite can compare it."""
    return re.sub(r"\bn\((\w+\.\w+)\)", r"substr(\1 || '.000000', 1, 26)", sql)


def _run(schema_editor, sqlite, postgresql):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_sentences(postgresql), params=None)
        return
    for statement in re.split(r"\n(?=CREATE|DROP)", _padded(_sentences(sqlite)).strip()):
        schema_editor.execute(statement, params=None)


def lay_rules(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def lift_rules(apps, schema_editor):
    _run(schema_editor, UNDO_SQLITE, UNDO_POSTGRESQL)


class Migration(migrations.Migration):

    dependencies = [("rosters", "0001_initial")]
    operations = [migrations.RunPython(lay_rules, lift_rules)]

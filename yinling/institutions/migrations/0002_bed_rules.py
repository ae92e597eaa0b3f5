"""What the database itself refuses about beds: two holders at once, freeing before leaving, switching afterwards.

An occupied bed ends in two ways only, and the database ends it by itself in the statement that is the cause:
the stay gets `left_at` (then the use ends at that instant), or the stay gets another bed (then it ends where the other
begins). A use is superseded by a correction of the same bed and stay, or when its stay is voided. Nothing is deleted.
"""

from django.db import migrations

SENTENCES = {
    "TWICE": "a_bed_is_never_held_by_two",
    "PERSON": "a_person_is_never_in_two_stays",
    "STAY": "a_stay_never_holds_two_beds",
    "BOUNDS": "a_bed_is_held_between_admission_and_leaving",
    "FREED": "a_bed_is_never_freed_before_the_person_has_left",
    "SWITCH": "a_bed_is_never_switched_afterwards",
    "DELETE": "a_bed_use_is_never_deleted",
    "FUTURE": "leaving_is_recorded_when_it_has_happened",
    "REOPEN": "a_stay_that_ended_is_not_reopened",
}

# Instants are text on SQLite, with or without a fraction: n() makes them alike.
SQLITE = """
CREATE TRIGGER bed_use_is_sound BEFORE INSERT ON institutions_beduse WHEN NEW.superseded_at IS NULL BEGIN
  SELECT RAISE(ABORT, '{TWICE}') WHERE EXISTS (SELECT 1 FROM institutions_beduse u
    WHERE u.bed_id = NEW.bed_id AND u.superseded_at IS NULL AND u.id IS NOT NEW.corrects_id
    AND (NEW.valid_to IS NULL OR n(u.valid_from) < n(NEW.valid_to))
    AND (u.valid_to IS NULL OR n(u.valid_to) > n(NEW.valid_from)));
  SELECT RAISE(ABORT, '{STAY}') WHERE EXISTS (SELECT 1 FROM institutions_beduse u
    WHERE u.stay_id = NEW.stay_id AND u.superseded_at IS NULL AND u.id IS NOT NEW.corrects_id
    AND (NEW.valid_to IS NULL OR n(u.valid_from) < n(NEW.valid_to))
    AND (n(u.valid_to) > n(NEW.valid_from) OR (u.valid_to IS NULL AND NEW.valid_to IS NOT NULL)));
  SELECT RAISE(ABORT, '{BOUNDS}') WHERE NEW.kind = 'occupied' AND NOT EXISTS (SELECT 1 FROM institutions_stay s
    WHERE s.id = NEW.stay_id AND s.voided_at IS NULL AND n(s.admitted_at) <= n(NEW.valid_from)
    AND n(s.left_at) IS n(NEW.valid_to));
  SELECT RAISE(ABORT, '{SWITCH}') WHERE NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM institutions_beduse u
    WHERE u.id = NEW.corrects_id AND u.bed_id = NEW.bed_id AND u.stay_id IS NEW.stay_id AND u.superseded_at IS NULL);
END;
CREATE TRIGGER bed_use_ends_the_one_before AFTER INSERT ON institutions_beduse
WHEN NEW.superseded_at IS NULL AND NEW.stay_id IS NOT NULL BEGIN
  UPDATE institutions_beduse SET superseded_at = NEW.recorded_at WHERE id = NEW.corrects_id;
  UPDATE institutions_beduse SET valid_to = NEW.valid_from, ended_at = NEW.recorded_at
    WHERE stay_id = NEW.stay_id AND id <> NEW.id AND valid_to IS NULL AND superseded_at IS NULL;
END;
CREATE TRIGGER bed_use_is_not_switched BEFORE UPDATE ON institutions_beduse BEGIN
  SELECT RAISE(ABORT, '{SWITCH}') WHERE NEW.bed_id <> OLD.bed_id OR NEW.stay_id IS NOT OLD.stay_id
    OR NEW.kind <> OLD.kind OR NEW.application_id IS NOT OLD.application_id OR NEW.valid_from <> OLD.valid_from
    OR NEW.recorded_at <> OLD.recorded_at OR NEW.corrects_id IS NOT OLD.corrects_id
    OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS NOT OLD.valid_to)
    OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS NOT OLD.superseded_at);
  SELECT RAISE(ABORT, '{FREED}') WHERE OLD.kind = 'occupied' AND OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM institutions_stay s WHERE s.id = OLD.stay_id AND n(s.left_at) = n(NEW.valid_to))
    AND NOT EXISTS (SELECT 1 FROM institutions_beduse u WHERE u.stay_id = OLD.stay_id AND u.id <> OLD.id
      AND u.superseded_at IS NULL AND n(u.valid_from) = n(NEW.valid_to));
  SELECT RAISE(ABORT, '{FREED}') WHERE OLD.kind = 'occupied' AND OLD.superseded_at IS NULL
    AND NEW.superseded_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM institutions_beduse u WHERE u.corrects_id = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM institutions_stay s WHERE s.id = OLD.stay_id AND s.voided_at IS NOT NULL);
END;
CREATE TRIGGER bed_use_is_kept BEFORE DELETE ON institutions_beduse BEGIN SELECT RAISE(ABORT, '{DELETE}'); END;
CREATE TRIGGER stay_is_sound BEFORE INSERT ON institutions_stay WHEN NEW.voided_at IS NULL BEGIN
  SELECT RAISE(ABORT, '{FUTURE}') WHERE n(NEW.left_at) > strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 minutes');
  SELECT RAISE(ABORT, '{PERSON}') WHERE EXISTS (SELECT 1 FROM institutions_stay s
    WHERE s.person_id = NEW.person_id AND s.voided_at IS NULL
    AND (NEW.left_at IS NULL OR n(s.admitted_at) < n(NEW.left_at))
    AND (s.left_at IS NULL OR n(s.left_at) > n(NEW.admitted_at)));
END;
CREATE TRIGGER stay_is_not_switched BEFORE UPDATE ON institutions_stay BEGIN
  SELECT RAISE(ABORT, '{SWITCH}') WHERE NEW.person_id <> OLD.person_id OR NEW.institution_id <> OLD.institution_id
    OR NEW.admitted_at <> OLD.admitted_at;
  SELECT RAISE(ABORT, '{REOPEN}') WHERE (OLD.left_at IS NOT NULL AND NEW.left_at IS NULL)
    OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS NULL);
  SELECT RAISE(ABORT, '{FUTURE}') WHERE n(NEW.left_at) > strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 minutes');
  SELECT RAISE(ABORT, '{PERSON}') WHERE NEW.left_at IS NOT OLD.left_at AND NEW.voided_at IS NULL
    AND EXISTS (SELECT 1 FROM institutions_stay s WHERE s.person_id = NEW.person_id AND s.id <> NEW.id
    AND s.voided_at IS NULL AND n(s.admitted_at) < n(NEW.left_at)
    AND (s.left_at IS NULL OR n(s.left_at) > n(NEW.admitted_at)));
END;
CREATE TRIGGER leaving_frees_the_bed AFTER UPDATE ON institutions_stay
WHEN OLD.left_at IS NULL AND NEW.left_at IS NOT NULL BEGIN
  UPDATE institutions_beduse SET valid_to = NEW.left_at, ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
    WHERE stay_id = NEW.id AND valid_to IS NULL AND superseded_at IS NULL;
END;
CREATE TRIGGER voiding_frees_the_bed AFTER UPDATE ON institutions_stay
WHEN OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL BEGIN
  UPDATE institutions_beduse SET superseded_at = NEW.voided_at WHERE stay_id = NEW.id AND superseded_at IS NULL;
END;
"""

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE institutions_beduse ADD CONSTRAINT {TWICE}
  EXCLUDE USING gist (bed_id WITH =, tstzrange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL);
ALTER TABLE institutions_beduse ADD CONSTRAINT {STAY}
  EXCLUDE USING gist (stay_id WITH =, tstzrange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL);
ALTER TABLE institutions_stay ADD CONSTRAINT {PERSON}
  EXCLUDE USING gist (person_id WITH =, tstzrange(admitted_at, left_at) WITH &&) WHERE (voided_at IS NULL);
CREATE FUNCTION institutions_bed_use_is_sound() RETURNS trigger AS $$
BEGIN
  IF NEW.superseded_at IS NOT NULL THEN RETURN NEW; END IF;
  IF NEW.kind = 'occupied' AND NOT EXISTS (SELECT 1 FROM institutions_stay s WHERE s.id = NEW.stay_id
      AND s.voided_at IS NULL AND s.admitted_at <= NEW.valid_from AND s.left_at IS NOT DISTINCT FROM NEW.valid_to) THEN
    RAISE EXCEPTION '{BOUNDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  IF NEW.corrects_id IS NOT NULL THEN
    UPDATE institutions_beduse SET superseded_at = NEW.recorded_at WHERE id = NEW.corrects_id
      AND bed_id = NEW.bed_id AND stay_id IS NOT DISTINCT FROM NEW.stay_id AND superseded_at IS NULL;
    IF NOT FOUND THEN
      RAISE EXCEPTION '{SWITCH}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  END IF;
  IF NEW.stay_id IS NOT NULL AND NEW.valid_to IS NULL THEN
    UPDATE institutions_beduse SET valid_to = NEW.valid_from, ended_at = NEW.recorded_at
      WHERE stay_id = NEW.stay_id AND valid_to IS NULL AND superseded_at IS NULL;
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER bed_use_is_sound BEFORE INSERT ON institutions_beduse
  FOR EACH ROW EXECUTE FUNCTION institutions_bed_use_is_sound();
CREATE FUNCTION institutions_bed_use_is_not_switched() RETURNS trigger AS $$
BEGIN
  IF (NEW.bed_id, NEW.stay_id, NEW.kind, NEW.application_id, NEW.valid_from, NEW.recorded_at, NEW.corrects_id)
     IS DISTINCT FROM
     (OLD.bed_id, OLD.stay_id, OLD.kind, OLD.application_id, OLD.valid_from, OLD.recorded_at, OLD.corrects_id)
     OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to)
     OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at) THEN
    RAISE EXCEPTION '{SWITCH}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  IF OLD.kind = 'occupied' AND pg_trigger_depth() < 2 AND (NEW.valid_to, NEW.superseded_at)
     IS DISTINCT FROM (OLD.valid_to, OLD.superseded_at) THEN
    RAISE EXCEPTION '{FREED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER bed_use_is_not_switched BEFORE UPDATE ON institutions_beduse
  FOR EACH ROW EXECUTE FUNCTION institutions_bed_use_is_not_switched();
CREATE FUNCTION institutions_bed_use_is_kept() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{DELETE}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER bed_use_is_kept BEFORE DELETE ON institutions_beduse
  FOR EACH ROW EXECUTE FUNCTION institutions_bed_use_is_kept();
CREATE FUNCTION institutions_stay_is_sound() RETURNS trigger AS $$
BEGIN
  IF NEW.left_at > clock_timestamp() + interval '1 minute' THEN
    RAISE EXCEPTION '{FUTURE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.person_id, NEW.institution_id, NEW.admitted_at)
       IS DISTINCT FROM (OLD.person_id, OLD.institution_id, OLD.admitted_at) THEN
      RAISE EXCEPTION '{SWITCH}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    IF (OLD.left_at IS NOT NULL AND NEW.left_at IS NULL) OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS NULL) THEN
      RAISE EXCEPTION '{REOPEN}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER stay_is_sound BEFORE INSERT OR UPDATE ON institutions_stay
  FOR EACH ROW EXECUTE FUNCTION institutions_stay_is_sound();
CREATE FUNCTION institutions_leaving_frees_the_bed() RETURNS trigger AS $$
BEGIN
  IF OLD.left_at IS NULL AND NEW.left_at IS NOT NULL THEN
    UPDATE institutions_beduse SET valid_to = NEW.left_at, ended_at = clock_timestamp()
      WHERE stay_id = NEW.id AND valid_to IS NULL AND superseded_at IS NULL; END IF;
  IF OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL THEN
    UPDATE institutions_beduse SET superseded_at = NEW.voided_at WHERE stay_id = NEW.id AND superseded_at IS NULL;
  END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER leaving_frees_the_bed AFTER UPDATE ON institutions_stay
  FOR EACH ROW EXECUTE FUNCTION institutions_leaving_frees_the_bed();
"""

SQLITE_TRIGGERS = (
    "bed_use_is_sound", "bed_use_ends_the_one_before", "bed_use_is_not_switched", "bed_use_is_kept", "stay_is_sound",
    "stay_is_not_switched", "leaving_frees_the_bed", "voiding_frees_the_bed",
)  # fmt: skip
POSTGRESQL_REMOVAL = """
ALTER TABLE institutions_beduse DROP CONSTRAINT {TWICE};
ALTER TABLE institutions_beduse DROP CONSTRAINT {STAY};
ALTER TABLE institutions_stay DROP CONSTRAINT {PERSON};
DROP FUNCTION institutions_bed_use_is_sound CASCADE;
DROP FUNCTION institutions_bed_use_is_not_switched CASCADE;
DROP FUNCTION institutions_bed_use_is_kept CASCADE;
DROP FUNCTION institutions_stay_is_sound CASCADE;
DROP FUNCTION institutions_leaving_frees_the_bed CASCADE;
"""


def _sqlite_statements():
    """One statement per trigger, n(x) written out."""
    import re

    text = SQLITE.format(**SENTENCES)
    text = re.sub(r"\bn\(([^()]+)\)", r"substr(\1 || '.000000', 1, 26)", text)
    return ["CREATE TRIGGER" + part for part in text.split("CREATE TRIGGER")[1:]]


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.format(**SENTENCES), params=None)
        return
    with schema_editor.connection.cursor() as cursor:
        for statement in _sqlite_statements():
            cursor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_REMOVAL.format(**SENTENCES), params=None)
        return
    for name in SQLITE_TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]

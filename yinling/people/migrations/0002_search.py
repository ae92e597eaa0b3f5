"""The search index of persons: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE people_search (person_id bigint PRIMARY KEY, county integer NOT NULL, tokens tsvector NOT NULL)"
        )
        schema_editor.execute("CREATE INDEX people_search_county ON people_search (county, person_id)")
        schema_editor.execute("CREATE INDEX people_search_tokens ON people_search USING gin (tokens)")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE people_search USING fts5(tokens, tokenize = \"unicode61 remove_diacritics 0\")"
        )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE people_search")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

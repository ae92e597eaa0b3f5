"""Rules of the tables: they point down, they are scoped, they say how wide they may be read."""

import configparser
from pathlib import Path

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from yinling.kernel import rotation

ROOT = Path(__file__).resolve().parents[2]
# Tables that hang on no person, organisation or place of their own, each with its reason.
UNSCOPED = {
    "kernel": "ground: read through its own services",
    "reference": "the same for everybody",
    "packs": "the same for everybody",
}
SCOPED_BY_PARENT = "scope_field"
# Bytes that are no sealed text: digests, chains, blind indexes (those of tables in `rotation` are renewed with it).
PLAIN_BYTES = {"sha256", "digest", "salt", "previous", "hash", "last_hash", "root", "record_key"}
SEALED_ELSEWHERE = {
    ("files", "Blob", "key"): "files.services.reseal_keys, which `yinling rotate` calls",
    ("sync", "Piece", "content"): "locked with the phone's own key, until it is whole",
}
HANGS_ON = {"Person", "Organisation", "Place", "Institution", "Home"}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("yinling.")]


def module(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def hangs_on_somebody(model: type[models.Model]) -> bool:
    fields = model._meta.get_fields()
    names = {f.name for f in fields}
    keys = [f for f in fields if isinstance(f, models.ForeignKey)]
    return "place_key" in names or any(f.related_model.__name__ in HANGS_ON for f in keys if f.related_model)


def test_every_table_that_hangs_on_somebody_is_scoped() -> None:
    hanging = [model for model in ours() if module(model) not in UNSCOPED and hangs_on_somebody(model)]
    open_tables = [m.__name__ for m in hanging if not hasattr(m._default_manager.all(), "visible_to")]
    assert not open_tables


def test_scope_fields_lead_to_a_column() -> None:
    for model in ours():
        queryset = model._default_manager.all()
        if module(model) in UNSCOPED or not getattr(queryset, "scope_field", ""):
            continue
        str(queryset.filter(**{f"{queryset.scope_field}__gte": 0}).query)


def floors() -> dict[str, int]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:floors"]["layers"].strip().splitlines()
    bare = [line.replace("(", "").replace(")", "") for line in reversed(lines)]
    return {name.strip(): height for height, line in enumerate(bare) for name in line.split("|")}


def test_foreign_keys_follow_the_floors() -> None:
    height = floors()
    bad = []
    for model in ours():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            is_ours = target is not None and target.__module__.startswith("yinling.")
            if not isinstance(field, models.ForeignKey) or not is_ours:
                continue
            if module(target) != module(model) and height[module(target)] >= height[module(model)]:
                bad.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert not bad


def test_constraints_and_tables_are_all_in_migrations() -> None:
    """As `makemigrations --check`, which would ask a database; this file needs none, and `make fast` builds none."""
    written = MigrationLoader(None)
    with translation.override(None):  # migrations hold names as the code writes them
        asked = MigrationAutodetector(written.project_state(), ProjectState.from_apps(apps))
        assert not asked.changes(graph=written.graph)


def test_every_sealed_column_is_offered_to_the_rotation_of_keys() -> None:
    known = rotation.offered()
    forgotten = [
        f"{model.__module__}.{model.__name__}.{field.name}"
        for model in ours()
        for field in model._meta.fields
        if isinstance(field, models.BinaryField)
        and field.name not in PLAIN_BYTES and not field.name.endswith("_index")
        and (module(model), model.__name__, field.name) not in SEALED_ELSEWHERE
        and field.name not in known.get(model, ())
    ]  # fmt: skip
    assert not forgotten, "add a sealed.py to the module and its TABLES to config/sealing.py"

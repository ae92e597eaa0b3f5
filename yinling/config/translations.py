"""Catalogues: `python -m yinling.config.translations update|compile|check [MODULE ...]`.

One catalogue per module, msgids in English. Python, Django templates, and the first argument of `Reason` and
`Refused` are read; nothing but this package and Babel is needed on the machine (no GNU gettext).
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import template as django_template

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_Hans"
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None, "Reason": (1,), "Refused": (1,), "N_": None,
}  # fmt: skip


def modules() -> list[Path]:
    """Folders that may own a catalogue."""
    return sorted(p for p in PACKAGE.iterdir() if (p / "__init__.py").exists() and p.name != "engines") + [
        p for p in sorted((PACKAGE / "engines").iterdir()) if (p / "__init__.py").exists()
    ]


def _template_messages(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Messages of a Django template, through Django's own reading of it as source."""
    text = django_template.templatize(file.read().decode(), origin="template")
    return extract_python(io.BytesIO(text.encode()), keywords, tags, options)


def catalogue_path(module: Path) -> Path:
    """Where a module keeps its Chinese."""
    return module / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def messages_of(module: Path) -> Catalog:
    """Every msgid a module uses."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted(module.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "node_modules" in path.parts or "built" in path.parts:
            continue
        method = "python" if path.suffix == ".py" else _template_messages
        with path.open("rb") as file:
            for _line, message, comments, context in extract(cast(Any, method), file, KEYWORDS, ()):
                texts = message if isinstance(message, tuple) else (message,)
                if texts[0]:
                    catalogue.add(message, context=context, auto_comments=comments)
    return catalogue


def update(module: Path) -> int:
    """Bring a module's catalogue up to date, keeping what is translated. Returns how many are untranslated."""
    path, fresh = catalogue_path(module), messages_of(module)
    if not len(fresh):
        return 0
    old = _read(path)
    catalogue = Catalog(locale=LANGUAGE, charset="utf-8", project="yinling", fuzzy=False)
    for message in fresh:
        if message.id:
            known = old.get(message.id, message.context) if old else None
            catalogue.add(message.id, known.string if known else "", context=message.context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, omit_header=False, sort_output=True)
    _drop_dates(path)
    return len(list(faults(module)))


def _drop_dates(path: Path) -> None:
    """Dates and tool versions in the header change at every run and say nothing."""
    noise = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator", "Report-Msgid")
    lines = [line for line in path.read_text().splitlines() if not line.startswith(tuple(f'"{n}' for n in noise))]
    path.write_text("\n".join(lines) + "\n")


def _read(path: Path) -> Catalog | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def faults(module: Path) -> Iterator[str]:
    """Messages that are untranslated, missing from the catalogue, or whose placeholders differ."""
    used, catalogue = messages_of(module), _read(catalogue_path(module))
    for message in used:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context) if catalogue else None
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        strings = known.string if known and isinstance(known.string, tuple) else (known.string if known else "",)
        if not all(strings):
            yield f"{module.name}: not translated: {first!r}"
        elif _placeholders(str(first)) != _placeholders(str(strings[0])):
            yield f"{module.name}: placeholders differ: {first!r} -> {strings[0]!r}"


def _placeholders(text: str) -> set[str]:
    """Names inside {…} and %(…)s."""
    found: set[str] = set()
    for opening, closing in (("{", "}"), ("%(", ")")):
        found |= {part.split(closing)[0].split(":")[0] for part in text.split(opening)[1:] if closing in part}
    return found


def compile_all() -> int:
    """Write the .mo beside every .po that is newer. Returns how many were written."""
    count = 0
    for path in PACKAGE.rglob("django.po"):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        catalogue = _read(path) or Catalog()
        part = target.with_suffix(".part")
        with part.open("wb") as file:
            write_mo(file, catalogue)
        part.replace(target)
        count += 1
    return count


def main(words: list[str]) -> int:
    """The command line of this file."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    command, names = (words[0] if words else "check"), words[1:]
    chosen = [m for m in modules() if not names or m.name in names]
    if command == "compile":
        print(f"{compile_all()} catalogues compiled")
        return 0
    if command == "update":
        print({m.name: update(m) for m in chosen})
        return 0
    found = [fault for module in chosen for fault in faults(module)]
    print("\n".join(found) or "every message has its Chinese")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The command line: `yinling up`, `city build`, `import`, `bench`, `check`, `backup` and the rest."""

import argparse
import os
import sys
from importlib import import_module

COMMANDS = {
    "up": ("serve", "serve pages and run jobs, as one supervised process tree"),
    "runner": ("serve", "run jobs only"),
    "city": ("building", "build the demonstration city: yinling city build --scale S --seed N"),
    "import": ("tables", "import a roster file as a user"),
    "export": ("tables", "export a list as a user"),
    "bench": ("benching", "measure: yinling bench NAME [--quick]"),
    "check": ("doctor", "the doctor: settings, database, keys, disk, clock, migrations, books, seals"),
    "verify": ("doctor", "walk every seal and name what no longer matches"),
    "backup": ("keeping", "write database, files and keys into one archive"),
    "restore": ("keeping", "read such an archive back into an empty home"),
    "rotate": ("keeping", "re-seal protected data with a new key; may be stopped and taken up again"),
    "draw": ("drawing", "check a draw from its published record: yinling draw verify FILE"),
    "plan": (
        "planning",
        "plan an instance of the visit planning benchmark: yinling plan INSTANCE.json --out PLAN.json",
    ),
    "accounts": ("building", "print the demonstration accounts"),
}


def main() -> None:
    """Find the command and run it; its exit code is ours."""
    parser = argparse.ArgumentParser(prog="yinling", description="A city's eldercare on one net and one platform.")
    lines = [f"  {name:10} {text}" for name, (_, text) in COMMANDS.items()]
    parser.add_argument("command", choices=COMMANDS, metavar="command", help="one of:\n" + "\n".join(lines))
    parser.formatter_class = argparse.RawTextHelpFormatter
    words = sys.argv[1:]
    chosen = parser.parse_args(words[:1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    module = import_module(f"yinling.config.commands.{COMMANDS[chosen.command][0]}")
    sys.exit(getattr(module, chosen.command.replace("import", "import_"))(words[1:]) or 0)

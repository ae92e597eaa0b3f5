"""`python -m yinling.config.commands`: the same as `yinling`."""

from yinling.config.cli import main

main()

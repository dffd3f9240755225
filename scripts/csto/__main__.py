"""This module lets `python -m csto` be the command."""

from csto.cli import main

main()

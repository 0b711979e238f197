"""A group of commands of which only the one that is run gets imported."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from quell.cli.errors import exit_codes


class LazyGroup(click.Group):
    """Finds a command in the module that is named for it, where it is called `command`.

    Args:
        modules: Dotted module names by command name, in the order in which help lists them.
        attributes: Whatever `click.Group` takes.
    """

    def __init__(self, *, modules: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; `None` when there is none of this name."""
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        command = import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for, and turn what it could not do into an exit code."""
        with exit_codes():
            return super().invoke(ctx)

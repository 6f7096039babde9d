"""A group of commands that lists when it is asked for nothing else: `tasks`, `tasks --at …`, `tasks done ID`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

HELP = ("-h", "--help")


class ListByDefault(TyperGroup):
    """Runs `list` where no command of the group is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name the command that was meant."""
        bare = not args or (args[0].startswith("-") and args[0] not in HELP)
        return super().parse_args(ctx, ["list", *args] if bare else args)

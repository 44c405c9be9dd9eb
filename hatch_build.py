"""Compile the message catalogues when a wheel is built or the project is installed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "src/subrenew/words/locale/*/LC_MESSAGES/subrenew.po"


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Write `subrenew.mo` beside every `subrenew.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Run before the files of the wheel are collected."""
        for po in sorted(Path(self.root).glob(CATALOGUES)):
            with po.open("rb") as source:
                catalogue = read_po(source, locale=po.parents[1].name, abort_invalid=True)
            with po.with_suffix(".mo").open("wb") as target:
                write_mo(target, catalogue)

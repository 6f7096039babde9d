"""The promises of every adapter, kept by this one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from mbls_adapter_integris_csv.adapter import offer_adapter

from mbls_sync.testing.adapter_contract import AdapterContract

A, B = "B801200005001", "N823432113104"


class TestDropFolder(AdapterContract):
    offer = offer_adapter()
    options: ClassVar[Mapping[str, Any]] = {"settle_seconds": 0}
    private = ("Testpupil", A, B)

    def prepare(self, folder: Path) -> None:
        inbox = folder / "inbox"
        inbox.mkdir()
        files = {
            "pupils.csv": f"UPN,Legal Surname\n{A},Testpupil\nA{B[1:]},Testpupil\n",
            "first.csv": f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n{B},07/09/2026,AM,-\n",
            "second.csv": f"UPN,Date,Session,Mark\n{A},08/09/2026,AM,C1\n{B},08/09/2026,AM,n\n",
        }
        for age, (name, text) in enumerate(files.items()):
            (inbox / name).write_text(text)
            os.utime(inbox / name, (1_700_000_000 + age, 1_700_000_000 + age))

"""Every return keeps what is promised to the LA."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from mbls_returns_la import attendance, register_check

from mbls_sync.testing.return_contract import ReturnContract


class TestRegisterCheck(ReturnContract):
    module: ClassVar[ModuleType] = register_check


class TestAttendanceReturn(ReturnContract):
    module: ClassVar[ModuleType] = attendance
    statutory_only: ClassVar[bool] = True

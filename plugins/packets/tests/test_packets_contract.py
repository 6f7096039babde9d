"""Every packet keeps what is promised to the LA."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from mbls_packets import ewo

from mbls_sync.testing.packet_contract import PacketContract


class TestEwo(PacketContract):
    module: ClassVar[ModuleType] = ewo

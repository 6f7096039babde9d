"""Every packet keeps what is promised to the LA."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from mbls_packets import attendance_certificate, ewo, medical_needs, notice_to_improve, penalty_notice

from mbls_sync.testing.packet_contract import PacketContract


class TestEwo(PacketContract):
    module: ClassVar[ModuleType] = ewo


class TestPenaltyNotice(PacketContract):
    module: ClassVar[ModuleType] = penalty_notice


class TestNoticeToImprove(PacketContract):
    module: ClassVar[ModuleType] = notice_to_improve


class TestAttendanceCertificate(PacketContract):
    module: ClassVar[ModuleType] = attendance_certificate


class TestMedicalNeeds(PacketContract):
    module: ClassVar[ModuleType] = medical_needs

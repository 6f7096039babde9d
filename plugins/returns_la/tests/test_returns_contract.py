"""Every return keeps what is promised to the LA, in its own columns and in those of each LA's profile."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from mbls_returns_la import (
    absence_alert,
    attendance,
    deletion,
    missing_education,
    new_pupil,
    register_check,
    sickness,
)

from mbls_sync.api import ReturnForm
from mbls_sync.policy.la_profiles import load_profiles
from mbls_sync.policy.places import profile_folder, shipped_config
from mbls_sync.testing.return_contract import ReturnContract

PROFILES = load_profiles(profile_folder(shipped_config()))


class TestRegisterCheck(ReturnContract):
    module: ClassVar[ModuleType] = register_check


class TestNewPupil(ReturnContract):
    module: ClassVar[ModuleType] = new_pupil


class TestDeletion(ReturnContract):
    module: ClassVar[ModuleType] = deletion


class TestAttendance(ReturnContract):
    module: ClassVar[ModuleType] = attendance
    statutory_only: ClassVar[bool] = True


class TestSickness(ReturnContract):
    module: ClassVar[ModuleType] = sickness
    statutory_only: ClassVar[bool] = True


class TestAbsenceAlert(ReturnContract):
    module: ClassVar[ModuleType] = absence_alert
    statutory_only: ClassVar[bool] = True


class TestMissingEducation(ReturnContract):
    module: ClassVar[ModuleType] = missing_education
    statutory_only: ClassVar[bool] = True


class TestAttendanceForStockport(TestAttendance):
    def form(self) -> ReturnForm:
        return PROFILES["stockport"].form("attendance", self.due().due)


class TestAttendanceForHertfordshire(TestAttendance):
    def form(self) -> ReturnForm:
        return PROFILES["hertfordshire"].form("attendance", self.due().due)


class TestSicknessForHertfordshire(TestSickness):
    def form(self) -> ReturnForm:
        return PROFILES["hertfordshire"].form("sickness", self.due().due)

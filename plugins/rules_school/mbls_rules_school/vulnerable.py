"""The groups of pupils whom the policy calls vulnerable to absence, and who is in which.

Attendance policy 2023, Persistent absence.
"""

from datetime import date

from mbls_sync.api import PolicyAt, Pupil


def groups_of(pupil: Pupil, day: date, policy: PolicyAt) -> tuple[str, ...]:
    """The groups that the pupil is in on `day`; none by guess where the MIS says nothing."""
    told = {
        "Child in need": pupil.child_in_need,
        "Looked after": pupil.looked_after,
        "Young carer": pupil.young_carer,
        "Free school meals": pupil.free_school_meals,
        "English as an additional language": pupil.english_additional_language,
        "Special educational needs": pupil.education_health_care_plan or pupil.sen_status in _NEEDS,
    }
    flags = [flag.strip() for flag in policy.text("analysis.vulnerable_flags").split(",") if flag.strip()]
    named = (flag[0].upper() + flag[1:] for flag in flags if pupil.has_flag(flag, day))
    return (*(name for name, says in told.items() if says), *named)


_NEEDS = ("E", "K")
"""SEN status as the school census writes it: a plan, or support."""

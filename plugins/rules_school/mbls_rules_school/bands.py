"""In which band of attendance a pupil stands: on target, below it, at risk or persistently absent."""

from mbls_sync.api import PolicyAt, PupilFigures

ON_TARGET, BELOW, AT_RISK, PERSISTENT = "on target", "below target", "at risk", "persistently absent"
ORDER = (ON_TARGET, BELOW, AT_RISK, PERSISTENT)


def band_of(figures: PupilFigures, policy: PolicyAt) -> str:
    """The band of these figures, compared exactly; of the year to date where the question is about this year."""
    attended, possible = 100 * figures.attended, figures.possible
    if figures.persistent:
        return PERSISTENT
    if attended <= policy.percent("stage.support_percent") * possible:
        return AT_RISK
    return ON_TARGET if attended >= policy.percent("target.school") * possible else BELOW

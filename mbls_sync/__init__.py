"""Read a school's registers, judge them by the school's policy, and give back what the policy calls for."""

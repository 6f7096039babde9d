"""mbls-sync: reads a school's registers, judges them by the school's policy, and gives back what the policy calls for."""

"""The figures the school keeps from day to day."""

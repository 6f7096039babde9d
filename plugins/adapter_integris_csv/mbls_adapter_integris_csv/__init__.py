"""RM Integris by CSV: a drop folder of exports."""

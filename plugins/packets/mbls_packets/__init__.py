"""What is put to the local authority about one pupil, one packet a module."""

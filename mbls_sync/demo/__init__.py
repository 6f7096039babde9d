"""A synthetic school, visibly fictional, to try everything on."""

"""Seed and size of the small marketplace that the tests of this folder share."""

SEED, POSTS = 11, 3000

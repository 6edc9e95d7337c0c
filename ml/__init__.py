"""Classifiers of technologies: features, training, evaluation, labels."""

import gc

# A run makes millions of rows and nodes that live until its end. Python would look through them for dead ones after
# every 700 new ones, which takes 6 % of a small run; every program of the project imports this package.
gc.set_threshold(50_000, 20, 50)

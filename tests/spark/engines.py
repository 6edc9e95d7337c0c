"""The engines that tests run on: Sail everywhere, real Spark where there is Java."""

import shutil

import pytest

ENGINES = [
    "sail",
    pytest.param(
        "spark", marks=pytest.mark.skipif(shutil.which("java") is None, reason="real Spark needs Java: none here")
    ),
]

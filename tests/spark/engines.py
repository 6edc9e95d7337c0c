"""The engines that tests run on: Sail wherever its environment is, real Spark where `make test-spark` asks for it.

Real Spark plans and starts a job for each of some hundred small tables: a quarter of an hour, too long for every run of
the suite.
"""

import os
import shutil

import pytest

_ASKED = pytest.mark.skipif(not os.environ.get("HIRING_PULSE_REAL_SPARK"), reason="real Spark: run `make test-spark`")
_JAVA = pytest.mark.skipif(shutil.which("java") is None, reason="real Spark needs Java: none here")
ENGINES = ["sail", pytest.param("spark", marks=[_ASKED, _JAVA])]

"""Spark's environment has what models are made of in the very versions that train them."""

import re
import tomllib

import pytest

from dagster_project.storage.workspace import REPOSITORY
from ml.cards.model_card import LIBRARIES
from ml.semantic import PACKAGES


@pytest.mark.parametrize("name", [*LIBRARIES, "joblib", "pyarrow", *(name.replace("_", "-") for name in PACKAGES)])
def test_spark_scores_by_the_version_that_trains(name: str) -> None:
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
    trained = {package["name"]: package.get("version") for package in lock["package"]}
    pinned = (REPOSITORY / "deploy" / "spark" / "requirements.txt").read_text(encoding="utf-8")
    assert re.findall(rf"(?m)^{name}==(\S+)", pinned) == [trained[name]]

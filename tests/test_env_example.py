"""`.env.example` tells every setting, with the default that the settings have."""

import re

import pytest

from dagster_project.settings import Settings
from dagster_project.storage.workspace import REPOSITORY

DOCUMENTED = dict(re.findall(r"^#HIRING_PULSE_(\w+)=(.*)$", (REPOSITORY / ".env.example").read_text(), re.MULTILINE))
OF_THE_MACHINE = {"workers", "data_root"}


def test_every_setting_is_documented() -> None:
    assert [name.lower() for name in DOCUMENTED] == sorted(
        Settings.model_fields, key=[name.lower() for name in DOCUMENTED].index
    )


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - OF_THE_MACHINE))
def test_a_documented_value_is_the_default(name: str) -> None:
    default = Settings.model_fields[name].default
    assert DOCUMENTED[name.upper()] == ("" if default is None else str(default))

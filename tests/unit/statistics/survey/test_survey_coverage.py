"""Of a thousand samples the intervals hold the truth in about 950."""

import pytest

from tests.worlds.survey_worlds import TRUTHS
from tests.worlds.survey_worlds import coverage as survey_coverage


@pytest.fixture(scope="module")
def coverage() -> dict[str, float]:
    return survey_coverage(worlds=1000, seed=11)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(TRUTHS))
def test_95_percent_intervals_hold_the_truth_in_about_95_of_100_samples(coverage: dict[str, float], name: str) -> None:
    assert 0.925 <= coverage[name] <= 0.975

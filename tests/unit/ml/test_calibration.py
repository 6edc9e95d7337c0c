import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from ml.cards.calibration_chart import calibration_svg
from ml.scores.measures import expected_calibration_error, reliability

SAID = np.array([0.05] * 10 + [0.85] * 4 + [1.0])
TRUE = np.array([1] + [0] * 9 + [1, 1, 0, 0] + [1])


def test_a_bin_holds_its_posts_their_mean_probability_and_share_with_a_wilson_interval() -> None:
    table = reliability(TRUE, SAID)
    assert table["low"].tolist() == [0.0, 0.8, 0.9] and table["posts"].tolist() == [10, 4, 1]
    assert table["observed_share"].tolist() == [0.1, 0.5, 1.0]
    assert table["mean_probability"].tolist() == [0.05, 0.85, 1.0]
    low, high = proportion_confint(2, 4, method="wilson")
    assert table.loc[1, ["observed_low", "observed_high"]].tolist() == [round(low, 4), round(high, 4)]


def test_the_calibration_error_is_that_counted_by_hand() -> None:
    assert expected_calibration_error(TRUE, SAID) == pytest.approx((10 * 0.05 + 4 * 0.35 + 0) / 15)
    assert expected_calibration_error(np.array([0, 1]), np.array([0.0, 1.0])) == 0.0
    assert np.isnan(expected_calibration_error(np.array([]), np.array([])))


def test_the_chart_has_a_panel_a_technology_and_nothing_from_elsewhere() -> None:
    svg = calibration_svg({"ai": reliability(TRUE, SAID), "rpa": reliability(TRUE, SAID)})
    assert svg.startswith("<svg") and ">ai<" in svg and ">rpa<" in svg and "href" not in svg

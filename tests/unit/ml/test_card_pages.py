import json
import re

import pandas as pd
import pytest

from ml.cards.pages import calibration_svg, card_html, card_markdown
from ml.training.artifact import StoredModel


@pytest.fixture(scope="module", params=["model_card.html", "model_card.md"])
def page(request: pytest.FixtureRequest, model: StoredModel) -> str:
    return (model.directory / request.param).read_text()


def test_a_card_tells_what_the_model_is_for_its_data_scores_and_limits(page: str, model: StoredModel) -> None:
    headings = [
        "What it is for",
        "Scores",
        "Calibration",
        "How it came into use",
        "Data",
        "Contest",
        "Limits",
        "Versions",
    ]
    assert [h for h in headings if re.search(rf"(<h2>|## ){h}", page)] == headings
    card = model.card
    for value in (card.model_version, card.data_hash, card.frozen_hash, card.terms_hash, card.promotion):
        assert value in page
    assert "Labelling guide version: 2" in page and "kappa" in page and "rpa hard negative" in page


def test_every_contestant_and_every_bin_of_probability_stands_in_the_card(page: str, model: StoredModel) -> None:
    assert page.count("chosen") == 1
    assert page.count("0.9 to 1.0") == 1
    assert all(f"{row['low']:.1f} to {row['high']:.1f}" in page for row in model.card.scores["calibration"]["bins"])


def test_the_page_is_self_contained(model: StoredModel) -> None:
    html = card_html(model.card)
    assert "<script" not in html and not re.search(r"(src|href)=\"(?!#)", html)
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", html)


def test_a_second_rendering_is_the_same(model: StoredModel) -> None:
    assert card_html(model.card) == card_html(model.card) and card_markdown(model.card) == card_markdown(model.card)


def test_a_card_counts_its_labels_by_stratum_guide_version_and_source(model: StoredModel) -> None:
    labels = json.loads((model.directory / "model_card.json").read_text())["labels"]
    assert labels["train"] + labels["held_out"] == sum(labels["guide_versions"].values()) == 300
    assert sum(part["train"] for part in labels["strata"].values()) == labels["train"]
    assert labels["sources"] == {"shipped": 300}
    assert labels["second_pass"]["n"] > 0


def test_the_chart_has_a_panel_a_technology_and_nothing_from_elsewhere(model: StoredModel) -> None:
    bins = pd.DataFrame(model.card.scores["calibration"]["bins"])
    svg = calibration_svg({"ai": bins, "rpa": bins})
    assert svg.startswith("<svg") and ">ai<" in svg and ">rpa<" in svg and "href" not in svg

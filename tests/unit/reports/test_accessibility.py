"""The page in a real browser: axe-core finds nothing, and nothing sticks out at the side of a phone."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from dagster_project.reports.page.annex import build_annex
from dagster_project.reports.page.bulletin import build_bulletin
from dagster_project.reports.page.spread_study import build_spread_study
from dagster_project.reports.page.worker_study import build_worker_study
from tests.support.sample_marts import sample_context

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = "node_modules/axe-core/axe.min.js"
PROBE = """<script>axe.run().then(result => {
  const out = document.createElement('pre'); out.id = 'probe';
  out.textContent = JSON.stringify({violations: result.violations.map(v => [v.id, v.nodes[0].html]),
    passes: result.passes.length, width: innerWidth, scroll: document.scrollingElement.scrollWidth});
  document.body.appendChild(out); });</script></body>"""


def axe_source() -> str:
    package = find_spec("axe_selenium_python")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / AXE).read_text().replace("</script", "<\\/script")


def probe(page: str, folder: Path, width: int) -> dict:
    """What axe-core and the layout say of the page at a window width in pixels."""
    path = folder / "page.html"
    path.write_text(page.replace("</body>", f"<script>{axe_source()}</script>{PROBE}"))
    dom = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--no-first-run", f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900",
         "--virtual-time-budget=20000", "--dump-dom", f"file://{path}"],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    found = re.search(r'<pre id="probe">(.*?)</pre>', dom, re.DOTALL)
    assert found, "the browser gave no result of the probe"
    return json.loads(unescape(found.group(1)))


BUILDS = {
    "hiring_report": build_bulletin,
    "technology_spread": build_spread_study,
    "worker_study": lambda marts, context: build_worker_study(marts, context, "2025-07"),
    "technical_annex": build_annex,
}
WINDOWS = [(page, width) for page in list(BUILDS)[:3] for width in (390, 1280)]


@pytest.fixture(scope="module")
def pages(_marts: dict[str, pd.DataFrame]) -> Callable[[str], str]:
    """Name -> the page with its charts drawn, built once."""
    return cache(lambda name: BUILDS[name]({mart: rows.copy() for mart, rows in _marts.items()}, sample_context()).html)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: make setup-system")
@pytest.mark.parametrize(("page", "width"), [*WINDOWS, ("technical_annex", 390)])
def test_the_page_is_accessible_and_fits_its_window(
    pages: Callable[[str], str], tmp_path: Path, page: str, width: int
) -> None:
    result = probe(pages(page), tmp_path, width)
    assert result["violations"] == []
    assert result["passes"] > 20
    assert result["scroll"] <= result["width"]


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: make setup-system")
def test_the_probe_finds_a_picture_without_text(tmp_path: Path) -> None:
    result = probe('<html lang="en"><title>x</title><body><main><h1>x</h1><img src="data:,"></main></body></html>',
                   tmp_path, 1280)  # fmt: skip
    assert "image-alt" in {rule for rule, _ in result["violations"]}

"""A picture of the running dashboard.

python deploy/superset/picture.py http://127.0.0.1:8088 PASSWORD_FILE PICTURE.png
"""

import shutil
import sys
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

WIDTH, HEIGHT, SECONDS = 1500, 1000, 300
CANVASES = 5
"""One for each chart that is no table."""


def take_picture(server: str, password: str, picture: Path) -> None:
    """Log in, wait until no chart is loading, and write the page as PNG."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}"):
        options.add_argument(argument)
    browser = webdriver.Chrome(
        options, Service(shutil.which("chromedriver"))
    )  # named: nothing is looked up on the network
    try:
        browser.get(f"{server}/login/")
        wait = WebDriverWait(browser, SECONDS)
        wait.until(lambda page: page.find_elements(By.CSS_SELECTOR, "input[type=password]"))
        browser.find_element(By.CSS_SELECTOR, "input[type=text]").send_keys("admin")
        browser.find_element(By.CSS_SELECTOR, "input[type=password]").send_keys(password + "\n")
        wait.until(lambda page: "/login" not in page.current_url)
        browser.get(f"{server}/superset/dashboard/hiring-report/?standalone=2")
        wait.until(lambda page: len(page.find_elements(By.CSS_SELECTOR, ".slice_container canvas")) >= CANVASES)
        time.sleep(4)  # charts draw themselves in
        browser.save_screenshot(str(picture))
    finally:
        browser.quit()


if __name__ == "__main__":
    take_picture(sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8"), Path(sys.argv[3]))

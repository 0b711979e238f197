import logging

import pytest


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keeps thousands of expected warnings out of the reports."""
    caplog.set_level(logging.ERROR)

"""Visit the page with no browser in front, and read what it shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).parents[2] / "app.py")


def visit(**params: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=20)
    for name, text in params.items():
        at.query_params[name] = text
    return at.run()


def payload(at: AppTest) -> dict[str, Any]:
    return json.loads(at.get("bidi_component")[0].proto.json)


def trouble(at: AppTest) -> str:
    said = [element.value for element in at.text if element.value.startswith("Line")]
    return "\n".join(text for text in said if "NaN made here" not in text)  # which is a notice


def params(at: AppTest) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text[-1] for name, text in at.query_params.items()}

"""Start the page from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parent.parent


def start(port: int) -> None:
    """Serve the page on ``port`` until it is stopped.

    Streamlit reads ``.streamlit/config.toml`` beside the script, wherever it is started from.
    """
    from streamlit import config
    from streamlit.web import bootstrap

    flags = {"server_port": port}
    path = str(script())
    config._main_script_path = path
    bootstrap.load_config_options(flag_options=flags)
    bootstrap.run(path, False, [], flags)


def script() -> Path:
    """The script of the page: beside this module in an installed package, else at the root of the checkout."""
    packaged = _HERE / "app.py"
    return packaged if packaged.exists() else _ROOT / "app.py"

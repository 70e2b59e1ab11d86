"""Show a page inside a cell of a notebook."""

from __future__ import annotations

import html

HEIGHT = 720  # CSS pixels


def frame(page: str) -> str:
    """Return the page in a frame of its own, so that neither it nor the notebook can disturb the other.

    >>> frame('<p title="a">')[:60]
    '<iframe sandbox="allow-scripts" title="vizgraph" style="widt'
    """
    style = f"width: 100%; height: {HEIGHT}px; border: 0"
    # Between single quotes double ones stand as they are: a page is full of them.
    inside = html.escape(page, quote=False).replace("'", "&#x27;")
    return f"""<iframe sandbox="allow-scripts" title="vizgraph" style="{style}" srcdoc='{inside}'></iframe>"""

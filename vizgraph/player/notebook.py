"""Show a page inside a cell of a notebook, and a still picture where the notebook does not let it play."""

from __future__ import annotations

import base64
import html
from typing import Final

HEIGHT: Final = 720  # CSS pixels
STILL: Final = 24_000  # characters of the largest still picture that goes along: the notebook keeps it in its file

# The frame is sealed, so the notebook's page has to say whether it is dark, now and when its theme changes: by the
# first ground that is painted around the frame, and where none is, by what is written there.
_TELL: Final = """
const frame = this, page = frame.ownerDocument;
const tell = () => {
  if (!frame.isConnected) return themes.disconnect();
  const bright = (colour) => {
    const [red, green, blue] = colour.match(/[0-9.]+/g);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let dark = bright(getComputedStyle(page.body).color) > 127;
  for (let around = frame.parentElement; around; around = around.parentElement) {
    const ground = getComputedStyle(around).backgroundColor;
    if (!/^rgb/.test(ground) || /^rgba.*, 0.$/.test(ground)) continue;
    dark = bright(ground) < 127;
    break;
  }
  frame.contentWindow.postMessage({ vizgraph: dark ? 'dark' : 'light' }, '*');
};
const themes = new MutationObserver(tell);
for (const watched of [page.documentElement, page.body]) themes.observe(watched, { attributes: true });
tell();
"""


def frame(page: str, *, still: str = "", advice: str = "") -> str:
    """Return the page in a frame of its own, so that neither it nor the notebook can disturb the other.

    A notebook that is not trusted, and a site that shows notebooks, take the frame away and leave what stands in it:
    ``advice``, and the SVG ``still`` if it is small.

    >>> frame('<p title="a">')[:60]
    '<iframe sandbox="allow-scripts" title="vizgraph" style="widt'
    """
    style = f"width: 100%; height: {HEIGHT}px; border: 0"
    # Between single quotes double ones stand as they are: a page is full of them.
    inside = html.escape(page, quote=False).replace("'", "&#x27;")
    told = html.escape(" ".join(_TELL.split()))
    return (
        f'<iframe sandbox="allow-scripts" title="vizgraph" style="{style}" onload="{told}"'
        f" srcdoc='{inside}'>{_instead(still, advice)}</iframe>"
    )


def _instead(still: str, advice: str) -> str:
    """What stands in the frame: a browser that shows frames does not show it."""
    if not 0 < len(still) <= STILL:
        return f"<p>{html.escape(advice)}</p>" if advice else ""
    picture = base64.b64encode(still.encode()).decode()
    return f'<p>{html.escape(advice)}</p><img alt="vizgraph" src="data:image/svg+xml;base64,{picture}">'

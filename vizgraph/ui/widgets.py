"""Make widgets show what the sitting holds: it is the truth, and they follow it."""

from __future__ import annotations

from typing import Any

import streamlit as st


def showing(key: str, value: Any, name: str = "value") -> dict[str, Any]:
    """The arguments with which the widget ``key`` shows ``value``; ``name`` is the widget's word for it.

    A new widget begins with it. One that is on the page is only set where it shows something else:
    setting overwrites what somebody may just be typing.
    """
    if key not in st.session_state:
        return {name: value}
    if st.session_state[key] != value:
        st.session_state[key] = value
    return {}

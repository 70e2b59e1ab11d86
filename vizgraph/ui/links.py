"""Keep the address of the page in step with what is on it, so that a reload or a shared link restores it."""

from __future__ import annotations

import streamlit as st

from vizgraph.ui.address import write
from vizgraph.ui.sitting import Sitting, address_of


def write_address(sitting: Sitting) -> None:
    """Put what is on the page into the address, if that is not what stands there."""
    written = sitting.changes
    params = write(address_of(sitting))
    if params != dict(st.query_params):
        st.query_params.from_dict(params)
    sitting.written = written

"""Run the page with an engine that does nothing (`bench.floor`)."""

import streamlit as st

from vizgraph.ui import jobs, page
from vizgraph.worker.client import Zygote


@st.cache_resource(show_spinner=False)
def engine() -> Zygote:
    return Zygote(stages="bench.floor:stages").start()


jobs.engine = engine
page.show()

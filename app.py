"""Run the page: ``streamlit run app.py``."""

from vizgraph.ui import page

page.show()

"""Show the straight line in Streamlit: the only room that knows it."""

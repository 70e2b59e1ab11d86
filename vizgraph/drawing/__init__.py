"""Draw a view: what stands on it, where Graphviz places it, and its SVG."""

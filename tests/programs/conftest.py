"""Keep pytest from importing the programs: they are read as text and run by vizgraph."""

collect_ignore_glob = ["everyday/*", "advanced/*", "errors/*"]

"""Refuse what would cost too much or does not belong to the language, before torch sees it."""

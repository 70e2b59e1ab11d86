"""Hold what the language knows: functions, methods, modules and objects, in literal tables."""

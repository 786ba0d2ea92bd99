"""The caller's way through a YAML flow: a pure engine, the flow language, prompts and speech."""

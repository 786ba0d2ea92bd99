"""The engine on virtual time: a world of callers and agents, a faulty wire, invariants, mutants."""

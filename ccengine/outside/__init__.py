"""What flows ask outside: business systems by HTTP, databases by read-only queries.

Whatever is out there may be slow, down or wrong: nothing here takes longer than its deadline, and
nothing is repeated.
"""

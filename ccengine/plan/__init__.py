"""What a changed site file would have made of the traffic that was seen.

Past calls are run again through the real ACD on virtual time, under the site file in force and
under the changed one. ``docs/plan.md`` says what is exact, what is drawn, and what is assumed.
"""

"""Hundreds of phones and callers in one asyncio program: SIP by hand, and silence for sound.

For where many are wanted, and the moment of each message counts. Who must speak, listen and press
keys is in ``simphones.callers`` and ``simphones.phones``.

* ``phones``: agents' phones; each answers by itself, or does what a test says
* ``callers``: callers from the trunk
* ``wire``: one socket for all of one kind; the kernel stamps what arrives
"""

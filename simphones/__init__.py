"""Callers and phones that are not people: SIPp dials in, baresip answers.

For the tests and the demo. Nothing here knows the engine: all that is shared with it is SIP, RTP
and sound, as a carrier and a desk phone would see them.

* ``callers``: one call from the trunk, placed by SIPp, with a voice that speaks and listens
* ``phones``: one desk phone, a baresip process driven over its control socket
* ``load``: many scripted calls by one SIPp process
* ``light``: hundreds of callers and phones that only do SIP, in one program
* ``audio``: tones, and whether a tone is heard
"""

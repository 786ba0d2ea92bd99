"""A flow's waits carried out on the phone: one small file for each; ``table`` lists them."""

"""What must hold between the parts of flows; one small file for each rule, ``table`` lists them."""

"""One small file for each step type; ``table`` lists them."""

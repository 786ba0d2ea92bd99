"""Flows as people deal with them: publications, differences, pictures, figures."""

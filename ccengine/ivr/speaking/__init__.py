"""How numbers, money, dates and digits are said: in pieces that are rendered beforehand."""

"""Translation: engines behind one protocol, and what keeps figures, dates and names whole around them."""

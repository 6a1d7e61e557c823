"""When: time expressions as EDTF, an undated article's day, and which time a claim has."""

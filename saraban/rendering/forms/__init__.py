"""One module for each family of forms: what stands where on it, as a `Plan` that `frame.py` sets on pages."""

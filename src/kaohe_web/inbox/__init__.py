"""Notices of what waits for somebody; never with figures in them."""

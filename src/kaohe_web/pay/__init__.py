"""Pay sheets: what is due by published results, and the differences that corrections leave."""

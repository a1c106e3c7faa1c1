"""What is collected for a round: values, ratings, records, imports and the rows that they set aside."""

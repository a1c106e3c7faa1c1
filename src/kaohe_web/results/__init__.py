"""What a round's scoring gave: previews, frozen results, their explanations, acknowledgements."""

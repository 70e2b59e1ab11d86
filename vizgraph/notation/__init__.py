"""Write numbers, names and mathematics as people write them."""

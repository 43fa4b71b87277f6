"""A season of reviews: a roster in, what is told of every unit and of all of them together out."""

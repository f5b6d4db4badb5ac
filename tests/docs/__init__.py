"""The pages of the documentation: what they show is run, and the site is built."""

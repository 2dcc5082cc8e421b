"""How long each class of data is kept, as data, and the one function that removes anything of the data path."""

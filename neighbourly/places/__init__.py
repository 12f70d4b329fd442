"""Home as a cell: where someone is, as finely as they chose and the place allows; and addresses found."""

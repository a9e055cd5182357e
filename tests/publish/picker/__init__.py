"""The picker: choosing a feed and taking it along, as a person does it."""

"""Language models behind the assistant's port."""

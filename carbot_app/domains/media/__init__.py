"""What customers show and say beside their words: photos in a chat, and voice messages."""

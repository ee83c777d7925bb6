"""What a message says: its language, its matters and questions, its mood, who must see it."""

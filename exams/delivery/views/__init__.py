"""The candidate's room, the saving of answers, and the officer's desk."""

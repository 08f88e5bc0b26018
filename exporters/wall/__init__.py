"""The wall: one page with a live leaderboard, pushed by server-sent events."""

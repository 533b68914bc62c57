"""A written date becomes days, and words become a date, or a refusal that teaches."""

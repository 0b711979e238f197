"""The work itself, headless: timeline, selection, query, forecast, deletion engine, pace, journal."""

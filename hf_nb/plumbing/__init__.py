"""What every layer stands on: settings, session, HTTP client, spans. No feature of Hugging Face is known here."""

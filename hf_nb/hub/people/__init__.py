"""Who you are, who may enter, and what people say."""

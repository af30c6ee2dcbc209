"""The forms of the screens (Flask-WTF): they read what was typed and keep it; what is right, the use cases say."""

"""The one entry: `python wsgi.py` runs the whole product; `flask --app wsgi` and `granian … wsgi:app` load its app."""

if __name__ == "__main__":
    from neighbourly.cli.launcher import main

    main()
else:
    from neighbourly.cli.program import make_program

    app = make_program()

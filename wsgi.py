"""The one entry: `python wsgi.py` runs the whole product; `flask --app wsgi` and `granian … wsgi:served` load it."""

if __name__ == "__main__":
    from neighbourly.cli.launcher import main

    main()
else:
    from neighbourly.cli.program import make_program
    from neighbourly.cli.serving import BodiesFirst

    app = make_program()
    served = BodiesFirst(app)

"""Start Motif's page from the repository: `python app.py` is `motif`, without installing. A Space runs this file."""

from composer.page.__main__ import main

if __name__ == "__main__":
    main()

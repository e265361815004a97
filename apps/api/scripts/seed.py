"""Fill a development database with the demo restaurants: `python scripts/seed.py`.

The same as `flux seed`; refuses every environment but development.
"""

from flux.cli import seed

if __name__ == "__main__":
    seed()

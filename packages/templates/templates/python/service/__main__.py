import os

from service.config import read_config
from service.routes import ROUTES
from service.server import run

if __name__ == "__main__":
    run(ROUTES, read_config(os.environ))

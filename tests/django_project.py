"""
Django, set up for the tests: one program can configure it only once.

Neither the environment nor logging is touched, as a settings module of a site's own would be.
"""

import os

POSTGRES = os.environ.get("SUBRENEW_POSTGRES_URL")


def set_up_django():
    """Configure Django as the example does, and let its models be imported."""
    import django
    from django.conf import settings

    from examples.django_shop import settings as shop

    if settings.configured:
        return
    databases = {"default": shop.database("sqlite:///")}  # a test names the file
    if POSTGRES is not None:
        databases["postgresql"] = shop.database(POSTGRES)
    own = {name: value for name, value in vars(shop).items() if name.isupper()}
    others = {
        "DATABASES": databases,
        "ALLOWED_HOSTS": ["testserver"],
        "LOGGING_CONFIG": None,
        "SHOP_DAY": None,
    }
    settings.configure(**own | others)
    django.setup()

"""The site's own settings, with a data folder that goes away, fast password hashes and tasks that run at once."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="kaohe-test-")
atexit.register(shutil.rmtree, _home, True)
os.environ["KAOHE_HOME"] = _home
os.environ["KAOHE_COMPANY"] = "国安创想"

from kaohe_web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

"""Files that people attach to forms: what is taken in, where it lies, who gets it, when it goes.

    browser ─► spool ─► type by name and content ─► scanner ─► var_dir/uploads/<random> ─► row ─► named on a form
"""

from api.uploads.contents import UploadLimits
from api.uploads.desk import UploadDesk, UploadNotFound, UploadRefused

__all__ = ["UploadDesk", "UploadLimits", "UploadNotFound", "UploadRefused"]

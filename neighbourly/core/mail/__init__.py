"""Mail leaves here: written safely, then handed to an SMTP server, or put into a folder where there is none."""

from neighbourly.core.mail.errors import AddressRefused, MailDelayed, MailRefused
from neighbourly.core.mail.folder import FolderPostman, ReadMail, read_folder
from neighbourly.core.mail.message import Mail
from neighbourly.core.mail.postman import Postman, postman_from
from neighbourly.core.mail.smtp import SmtpPostman

__all__ = [
    "AddressRefused",
    "FolderPostman",
    "Mail",
    "MailDelayed",
    "MailRefused",
    "Postman",
    "ReadMail",
    "SmtpPostman",
    "postman_from",
    "read_folder",
]

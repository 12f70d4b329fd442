"""The back end of an app for neighbours who lend, share and help one another.

Its time zones are those of the `tzdata` package, whatever the machine knows or a variable names: from the first import
on, so that web, worker, commands and migrations count by the same rules (BOK-03).
"""

import zoneinfo

zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

/* version.h - the version of flowdeck: of the program and of what plug-ins are built against. */
#ifndef FLOWDECK_VERSION_H
#define FLOWDECK_VERSION_H

#define FLOWDECK_VERSION "0.1.0"
#define FLOWDECK_DATE    "2026-11-21" /* of the version, for the manual */

#endif

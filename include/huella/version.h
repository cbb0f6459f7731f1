#ifndef HUELLA_VERSION_H
#define HUELLA_VERSION_H

/** The version of the library, as in CHANGELOG.md: "0.1.0". */
const char *hu_version(void);

#endif

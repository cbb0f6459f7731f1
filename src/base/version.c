#include "huella/version.h"

const char *hu_version(void)
{
    return HU_VERSION;
}

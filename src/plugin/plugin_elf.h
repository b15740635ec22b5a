/*
 * plugin_elf.h - the manifest out of the bytes of a shared library, without running a line of it.
 *
 * Dynamic linkers run constructors at dlopen(), so what a library says of itself is read here first: ELF64 of this
 * machine, section .flowdeck.manifest. Every offset is checked against the size; nothing is written.
 */
#ifndef PLUGIN_PLUGIN_ELF_H
#define PLUGIN_PLUGIN_ELF_H

#include "core/base/err.h"

#include <stddef.h>

/*
 * On success *text points into image (not ended by NUL) and *text_size is its length without the NULs at its end.
 * Also sees that every segment lies in the file, so that a library which is still being written is refused
 * instead of ending the process by SIGBUS. On error *why is a static clause: "is not an ELF file".
 * ERR_BAD_DATA; ERR_UNSUPPORTED for another machine.
 */
enum err plugin_elf_manifest(const unsigned char *image, size_t size, const char **text, size_t *text_size,
                             const char **why);

#endif

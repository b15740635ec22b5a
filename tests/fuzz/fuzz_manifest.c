/*
 * fuzz_manifest.c - bytes of any kind as a shared library, and text of any kind as its manifest.
 *
 * Whatever comes: no byte outside is read, a refusal has a reason and changes nothing, and what is accepted has values
 * within its own ranges that go to text and back. Input that begins with 'Y' is the manifest's text alone, so that
 * the words behind the ELF headers are reached too; all other input is put behind a library's own first bytes.
 */
#include "core/base/safe_text.h"
#include "core/strategy/manifest.h"
#include "plugin/plugin_elf.h"

#include <elf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_line(const char *why)
{
    size_t size = strlen(why);

    require(size > 0 && size < 511);
    for (size_t at = 0; at < size;) {
        unsigned codepoint;

        at += safe_text_decode(why + at, size - at, &codepoint);
        require(safe_text_codepoint_columns(codepoint) >= 0 || size - at < 4);
    }
}

static void check_manifest(const struct strategy_manifest *manifest)
{
    require(manifest->name[0] != '\0' && strcmp(manifest->name, "manual") != 0);
    require(manifest->abi == 1 && manifest->instruments <= 8);
    require(manifest->parameter_count <= MANIFEST_PARAMETERS_MAX);
    for (size_t i = 0; i < manifest->parameter_count; i++) {
        const struct strategy_parameter *parameter = &manifest->parameter[i];
        char text[128], why[512];
        int64_t value = 0;

        require(parameter->min <= parameter->preset && parameter->preset <= parameter->max);
        strategy_parameter_text(parameter, parameter->preset, text, sizeof(text));
        require(strategy_parameter_parse(parameter, text, &value, why, sizeof(why)) == ERR_OK);
        require(value == parameter->preset);
    }
}

static void try_text(const char *text, size_t size)
{
    static struct strategy_manifest manifest, before;
    char why[512] = "";

    before = manifest;
    if (strategy_manifest_parse(text, size, "f.so", &manifest, why, sizeof(why)) == ERR_OK) {
        check_manifest(&manifest);
    } else {
        check_line(why);
        require(memcmp(&manifest, &before, sizeof(manifest)) == 0);
    }
}

static void try_library(const uint8_t *data, size_t size)
{
    const char *text = NULL, *why = NULL;
    size_t text_size = 0;
    unsigned char *image =
        malloc(size > 0 ? size : 1); /* as large as it says: the sanitizer sees one byte more */

    require(image != NULL);
    memcpy(image, data, size);
    if (size >= EI_NIDENT) { /* these never would be guessed */
        static const unsigned char ident[] = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT};

        memcpy(image, ident, sizeof(ident));
    }
    if (size >= sizeof(Elf64_Ehdr)) {
        Elf64_Ehdr header;

        memcpy(&header, image, sizeof(header));
        header.e_type = ET_DYN;
#if defined(__x86_64__)
        header.e_machine = EM_X86_64;
#endif
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_phentsize = sizeof(Elf64_Phdr);
        memcpy(image, &header, sizeof(header));
    }
    if (plugin_elf_manifest(image, size, &text, &text_size, &why) == ERR_OK) {
        require((const unsigned char *)text >= image && text_size > 0);
        require((size_t)((const unsigned char *)text - image) + text_size <= size);
        try_text(text, text_size);
    } else {
        require(why != NULL && why[0] != '\0');
    }
    free(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == 'Y')
        try_text((const char *)data + 1, size - 1);
    else
        try_library(data, size);
    return 0;
}

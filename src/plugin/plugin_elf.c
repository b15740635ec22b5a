#include "plugin/plugin_elf.h"

#include "core/strategy/manifest.h"

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SECTION      ".flowdeck.manifest"
#define SECTIONS_MAX 4096
#define SEGMENTS_MAX 128

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#elif defined(__riscv)
#define MACHINE EM_RISCV
#else
#error "plugin_elf.c does not know this machine's ELF number"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ENCODING ELFDATA2LSB
#else
#define ENCODING ELFDATA2MSB
#endif

struct image {
    const unsigned char *bytes;
    size_t size;
    Elf64_Ehdr header;
};

static bool lies_within(const struct image *image, uint64_t offset, uint64_t size)
{
    return offset <= image->size && size <= image->size - offset;
}

/* The file's own alignment is not to be trusted: headers are copied out. */
static Elf64_Shdr section_at(const struct image *image, size_t index)
{
    Elf64_Shdr section;

    memcpy(&section, image->bytes + image->header.e_shoff + index * sizeof(section), sizeof(section));
    return section;
}

static enum err read_header(struct image *image, const char **why)
{
    Elf64_Ehdr *header = &image->header;

    *why = "is not an ELF file";
    if (image->size < sizeof(*header) || memcmp(image->bytes, ELFMAG, SELFMAG) != 0)
        return ERR_BAD_DATA;
    memcpy(header, image->bytes, sizeof(*header));
    *why = "is made for another kind of machine";
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ENCODING ||
        header->e_machine != MACHINE)
        return ERR_UNSUPPORTED;
    *why = "is not a shared library; link it with -shared";
    if (header->e_type != ET_DYN || header->e_ident[EI_VERSION] != EV_CURRENT)
        return ERR_BAD_DATA;
    *why = "is damaged or was not written to its end: its section table lies outside";
    if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shnum == 0 || header->e_shnum > SECTIONS_MAX ||
        !lies_within(image, header->e_shoff, (uint64_t)header->e_shnum * sizeof(Elf64_Shdr)))
        return ERR_BAD_DATA;
    return ERR_OK;
}

static enum err check_segments(const struct image *image, const char **why)
{
    const Elf64_Ehdr *header = &image->header;

    *why = "is damaged or was not written to its end: a segment lies outside";
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 || header->e_phnum > SEGMENTS_MAX ||
        !lies_within(image, header->e_phoff, (uint64_t)header->e_phnum * sizeof(Elf64_Phdr)))
        return ERR_BAD_DATA;
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;

        memcpy(&segment, image->bytes + header->e_phoff + i * sizeof(segment), sizeof(segment));
        if (!lies_within(image, segment.p_offset, segment.p_filesz))
            return ERR_BAD_DATA;
    }
    return ERR_OK;
}

static enum err read_names(const struct image *image, Elf64_Shdr *out, const char **why)
{
    *why = "is damaged: its section names lie outside";
    if (image->header.e_shstrndx >= image->header.e_shnum)
        return ERR_BAD_DATA;
    *out = section_at(image, image->header.e_shstrndx);
    if (out->sh_type != SHT_STRTAB || !lies_within(image, out->sh_offset, out->sh_size))
        return ERR_BAD_DATA;
    return ERR_OK;
}

static bool has_name(const struct image *image, const Elf64_Shdr *names, const Elf64_Shdr *section)
{
    return section->sh_name < names->sh_size && names->sh_size - section->sh_name >= sizeof(SECTION) &&
           memcmp(image->bytes + names->sh_offset + section->sh_name, SECTION, sizeof(SECTION)) == 0;
}

/* One text, then nothing but NULs: two FD_MANIFEST in one library would follow each other here. */
static enum err take_text(const char *bytes, size_t size, const char **text, size_t *text_size,
                          const char **why)
{
    const char *end = memchr(bytes, '\0', size);

    *text = bytes;
    *text_size = end != NULL ? (size_t)(end - bytes) : size;
    for (size_t i = *text_size; i < size; i++) {
        if (bytes[i] != '\0') {
            *why = "has more than one manifest";
            return ERR_BAD_DATA;
        }
    }
    *why = "has an empty manifest";
    return *text_size > 0 ? ERR_OK : ERR_BAD_DATA;
}

enum err plugin_elf_manifest(const unsigned char *image_bytes, size_t size, const char **text,
                             size_t *text_size, const char **why)
{
    struct image image = {.bytes = image_bytes, .size = size};
    Elf64_Shdr names = {0}, found = {0};
    size_t count = 0;
    enum err err = read_header(&image, why);

    if (err == ERR_OK)
        err = check_segments(&image, why);
    if (err == ERR_OK)
        err = read_names(&image, &names, why);
    for (size_t i = 0; err == ERR_OK && i < image.header.e_shnum; i++) {
        Elf64_Shdr section = section_at(&image, i);

        if (!has_name(&image, &names, &section))
            continue;
        found = section;
        count++;
    }
    if (err != ERR_OK)
        return err;
    *why = count == 0 ? "has no manifest; is it a strategy? FD_MANIFEST(\"...\") puts one in"
                      : "has more than one manifest";
    if (count != 1)
        return ERR_BAD_DATA;
    *why = "is damaged: its manifest lies outside";
    if (found.sh_type != SHT_PROGBITS || !lies_within(&image, found.sh_offset, found.sh_size))
        return ERR_BAD_DATA;
    *why = "has a manifest longer than 16384 bytes";
    if (found.sh_size > MANIFEST_SIZE_MAX + 1)
        return ERR_BAD_DATA;
    return take_text((const char *)image_bytes + found.sh_offset, found.sh_size, text, text_size, why);
}

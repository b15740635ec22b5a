/*
 * colour_math.h - how far apart colours are for eyes: contrast (WCAG 2), lightness and distance (CIELAB), and what the
 * three kinds of colour-blindness leave of them (Machado, Oliveira and Fernandes 2009, severity 1).
 */
#ifndef UNIT_COLOUR_MATH_H
#define UNIT_COLOUR_MATH_H

#include <math.h>
#include <stdint.h>

enum blindness { SEES_ALL, PROTAN, DEUTAN, TRITAN, BLINDNESSES };

struct linear_rgb {
    double r, g, b;
};

static inline double colour_channel(int value)
{
    double v = value / 255.0;

    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static inline double colour_clamp(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static inline struct linear_rgb colour_seen(int32_t rgb, enum blindness kind)
{
    static const double matrix[BLINDNESSES][9] = {
        {1, 0, 0, 0, 1, 0, 0, 0, 1},
        {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
        {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
        {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}};
    const double *m = matrix[kind];
    double r = colour_channel(rgb >> 16 & 0xff), g = colour_channel(rgb >> 8 & 0xff),
           b = colour_channel(rgb & 0xff);

    return (struct linear_rgb){colour_clamp(m[0] * r + m[1] * g + m[2] * b),
                               colour_clamp(m[3] * r + m[4] * g + m[5] * b),
                               colour_clamp(m[6] * r + m[7] * g + m[8] * b)};
}

static inline double colour_luminance(int32_t rgb, enum blindness kind)
{
    struct linear_rgb c = colour_seen(rgb, kind);

    return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

/* 1 to 21. */
static inline double colour_contrast(int32_t a, int32_t b)
{
    double la = colour_luminance(a, SEES_ALL), lb = colour_luminance(b, SEES_ALL);

    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

static inline double colour_lab_f(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* L* 0 to 100. */
static inline double colour_lightness(int32_t rgb, enum blindness kind)
{
    return 116 * colour_lab_f(colour_luminance(rgb, kind)) - 16;
}

/* Distance in CIELAB (1976): 2 is just seen side by side, 20 is plain. */
static inline double colour_distance(int32_t one, int32_t other, enum blindness kind)
{
    struct linear_rgb c[2] = {colour_seen(one, kind), colour_seen(other, kind)};
    double lab[2][3];

    for (int i = 0; i < 2; i++) {
        double x = colour_lab_f((0.4124564 * c[i].r + 0.3575761 * c[i].g + 0.1804375 * c[i].b) / 0.95047);
        double y = colour_lab_f(0.2126729 * c[i].r + 0.7151522 * c[i].g + 0.0721750 * c[i].b);
        double z = colour_lab_f((0.0193339 * c[i].r + 0.1191920 * c[i].g + 0.9503041 * c[i].b) / 1.08883);

        lab[i][0] = 116 * y - 16;
        lab[i][1] = 500 * (x - y);
        lab[i][2] = 200 * (y - z);
    }
    return sqrt(pow(lab[0][0] - lab[1][0], 2) + pow(lab[0][1] - lab[1][1], 2) +
                pow(lab[0][2] - lab[1][2], 2));
}

/* 0xrrggbb of one of the 256 colours; the first 16 as xterm has them. */
static inline int32_t colour_of_256(int index)
{
    static const int32_t first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                      0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                      0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const int level[6] = {0, 95, 135, 175, 215, 255};

    if (index < 16)
        return first[index];
    if (index < 232)
        return level[(index - 16) / 36] << 16 | level[(index - 16) / 6 % 6] << 8 | level[(index - 16) % 6];
    return (8 + 10 * (index - 232)) * 0x010101;
}

/* Of a Linux console (VGA). */
static inline int32_t colour_of_console(int index)
{
    static const int32_t vga[16] = {0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa,
                                    0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555, 0x55ff55, 0xffff55,
                                    0x5555ff, 0xff55ff, 0x55ffff, 0xffffff};

    return vga[index & 15];
}

#endif

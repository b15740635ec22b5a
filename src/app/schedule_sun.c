#include "app/schedule_sun.h"

#include <math.h>

#define DAY_S   86400.0
#define RADIANS (3.14159265358979323846 / 180.0)

struct sun {
    double declination;        /* degrees */
    double equation_of_time_s; /* apparent less mean solar time */
};

static double sine(double degrees)
{
    return sin(degrees * RADIANS);
}

static double cosine(double degrees)
{
    return cos(degrees * RADIANS);
}

/* The formulas of NOAA's spreadsheet, term by term; angles in degrees. */
static struct sun sun_at(double utc_s)
{
    double century = (utc_s / DAY_S + 2440587.5 - 2451545.0) / 36525.0; /* Julian, since 2000 */
    double mean_longitude = fmod(280.46646 + century * (36000.76983 + century * 0.0003032), 360.0);
    double anomaly = 357.52911 + century * (35999.05029 - 0.0001537 * century);
    double eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
    double centre = sine(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
                    sine(2 * anomaly) * (0.019993 - 0.000101 * century) + sine(3 * anomaly) * 0.000289;
    double node = 125.04 - 1934.136 * century;
    double apparent = mean_longitude + centre - 0.00569 - 0.00478 * sine(node);
    double seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
    double obliquity = 23.0 + (26.0 + seconds / 60.0) / 60.0 + 0.00256 * cosine(node);
    double half = tan(obliquity / 2 * RADIANS), y = half * half;
    double equation = y * sine(2 * mean_longitude) - 2 * eccentricity * sine(anomaly) +
                      4 * eccentricity * y * sine(anomaly) * cosine(2 * mean_longitude) -
                      0.5 * y * y * sine(4 * mean_longitude) -
                      1.25 * eccentricity * eccentricity * sine(2 * anomaly);

    return (struct sun){.declination = asin(sine(obliquity) * sine(apparent)) / RADIANS,
                        .equation_of_time_s = equation / RADIANS * 240.0}; /* a degree takes 240 s */
}

/* The solar noon nearest to noon_s: when apparent solar time at the longitude is 12:00. */
static double solar_noon(double longitude, double noon_s)
{
    double at = noon_s;

    for (int round = 0; round < 4; round++) {
        double solar_s = at + longitude * 240.0 + sun_at(at).equation_of_time_s;
        double past_noon_s = fmod(solar_s, DAY_S) - DAY_S / 2;

        if (past_noon_s > DAY_S / 2)
            past_noon_s -= DAY_S;
        if (past_noon_s < -DAY_S / 2)
            past_noon_s += DAY_S;
        at -= past_noon_s;
    }
    return at;
}

bool sun_sinks(double latitude, double longitude, double degrees, int64_t noon_s, int64_t *at_s)
{
    double noon = solar_noon(longitude, (double)noon_s);
    double at = noon + DAY_S / 4, hour_angle = 0;

    for (int round = 0; round < 8; round++) { /* each round the sun has moved less; 8 are plenty */
        struct sun sun = sun_at(at);
        double cosine_h = (sine(-degrees) - sine(latitude) * sine(sun.declination)) /
                          (cosine(latitude) * cosine(sun.declination));

        if (cosine_h < -1.0 || cosine_h > 1.0) {
            *at_s = (int64_t)floor(noon + DAY_S / 2);
            return false;
        }
        hour_angle = acos(cosine_h) / RADIANS;
        at = noon + hour_angle * 240.0 - (sun.equation_of_time_s - sun_at(noon).equation_of_time_s);
    }
    *at_s = (int64_t)floor(at);
    return true;
}
